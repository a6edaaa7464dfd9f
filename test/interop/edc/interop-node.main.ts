// A node that Eclipse EDC with its mock identity can talk to: the product, with two adapters replaced. It is no part of
// the build: whoever tests compiles it into a cache of their own (test/support/composed-node.mjs).
import 'reflect-metadata';
import { must } from '@hansa/kernel';
import { createLogger } from '@hansa/platform';
import { readConfig } from '../../../apps/connector/src/config/index.js';
import { buildNode } from '../../../apps/connector/src/node.js';
import { openNodeDatabase } from '../../../apps/connector/src/open-node-database.js';
import { runUntilStopped } from '../../support/run-until-stopped.js';
import { MockIdentity } from './mock-identity.js';

const config = must(await readConfig(process.env));
const log = createLogger({ level: config.log.level, name: config.city });
const identity = new MockIdentity(config);
const node = await buildNode(config, log, openNodeDatabase(config), {
  counterpartyVerifier: identity,
  authorize: identity.authorize,
});
await node.app.listen(config.listen.port, config.listen.host);
runUntilStopped(node, log);
