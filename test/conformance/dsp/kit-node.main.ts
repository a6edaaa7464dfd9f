// The node that the conformance kit tests: the product, with three adapters replaced, seed data, and triggers beside it.
// It is no part of the build: whoever tests compiles it into a cache of their own (test/support/composed-node.mjs).
import 'reflect-metadata';
import { must } from '@hansa/kernel';
import { createLogger, UnitOfWork } from '@hansa/platform';
import { Datasets } from '../../../apps/connector/src/catalog/index.js';
import { readConfig } from '../../../apps/connector/src/config/index.js';
import {
  Agreements,
  DecideHeld,
  NegotiationCommands,
  Negotiations,
} from '../../../apps/connector/src/negotiation/index.js';
import { buildNode } from '../../../apps/connector/src/node.js';
import { openNodeDatabase } from '../../../apps/connector/src/open-node-database.js';
import { TransferCommands } from '../../../apps/connector/src/transfer/index.js';
import { runUntilStopped } from '../../support/run-until-stopped.js';
import { ConstantHeader } from './kit-participant.js';
import { negotiationOperator, transferOperator } from './operators.js';
import { Script } from './script.js';
import scripts from './scripts.json' with { type: 'json' };
import { seed } from './seed.js';
import { triggerServer } from './triggers.js';

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

const config = must(await readConfig(process.env));
const log = createLogger({ level: config.log.level, name: config.city });
const pause = Number(setting('KIT_PAUSE'));
const report = (text: string): void => log.error('the script cannot go on', { detail: text });

const node = await buildNode(config, log, openNodeDatabase(config), {
  counterpartyVerifier: new ConstantHeader(setting('KIT_AUTHORIZATION'), config),
  negotiationStrategy: {
    next: ({ id, datasetId, negotiation }) => {
      negotiationScript.reached(id, datasetId, negotiation.state);
      return null;
    },
  },
  transferStrategy: {
    next: ({ id, agreementId, transfer }) => {
      transferScript.reached(id, agreementId, transfer.state);
      return null;
    },
  },
});
const { app, identity } = node;
const [negotiations, agreements] = [app.get(Negotiations), app.get(Agreements)];
const [negotiationCommands, transferCommands] = [app.get(NegotiationCommands), app.get(TransferCommands)];
const negotiationScript = new Script(scripts.negotiations, negotiationOperator(app.get(DecideHeld)), pause, report);
const transferScript = new Script(scripts.transfers, transferOperator(transferCommands), pause, report);

const stores = { unitOfWork: app.get(UnitOfWork), datasets: app.get(Datasets), negotiations, agreements };
await seed(stores, identity.did, setting('KIT_ADDRESS'));
await app.listen(config.listen.port, config.listen.host);
const triggers = triggerServer(negotiationCommands, transferCommands);
await new Promise<void>((resolve) => triggers.listen(Number(setting('KIT_TRIGGER_PORT')), '127.0.0.1', resolve));
runUntilStopped(node, log, () => {
  triggers.close();
  triggers.closeAllConnections();
});
