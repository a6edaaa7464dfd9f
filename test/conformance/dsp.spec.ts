import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { builtNode } from '../e2e/support/build.js';
import { freePort } from '../support/free-port.mjs';
import { KitPeer } from './dsp/kit-peer.js';
import { officialSchemas } from './dsp/official-schemas.js';
import { playScenario, type Scenario, type Stage } from './dsp/play-scenario.js';
import { startKitNode } from './dsp/start-kit-node.mjs';

const shared = join(process.cwd(), '../shared/conformance/dsp');
const file = join(shared, 'tck-1.0.1/scenarios.json');
const present = existsSync(file);
const scenarios: readonly Scenario[] = present ? JSON.parse(readFileSync(file, 'utf8')).tests : [];
if (!present) process.stderr.write('skipped: the scenarios of the conformance kit are not in ../shared\n');

/** Milliseconds that the node waits before it acts by its script. */
const pause = 60;

/** The messages that the tested side sends, in the words of the kit's drawings. */
function drawn({ id, messages }: Scenario): readonly string[] {
  const said = messages.filter(({ from, kind }) => from === 'CUT' && kind === 'message').map(({ what }) => what);
  // The drawing of CN:01-03 goes on after the end; the steps that the kit takes in that test do not.
  if (id === 'CN:01-03') said.pop();
  const longer = said.map((what) => what.replace('ContractVerification', 'ContractAgreementVerification'));
  return longer.map((what) => what.replace(/:(\w+)$/, (_, event: string) => ` ${event.toUpperCase()}`));
}

(present ? describe : describe.skip)('the tests of the official conformance kit, without the kit', () => {
  let stage: Stage;

  beforeAll(async () => {
    builtNode();
    const complain = officialSchemas(join(shared, 'spec-2025-1-err1'));
    const [peer, port] = [new KitPeer(complain), await freePort()];
    await peer.listen(port);
    const address = `http://127.0.0.1:${port}`;
    const node = await startKitNode({ kitAddress: address, pause });
    stage = { node, peer, address, complain, quiet: 2 * pause };
  }, 90_000);

  afterAll(async () => {
    const outcome = await stage?.node.stop();
    await stage?.peer.close();
    expect(outcome).toBe(0);
  }, 30_000);

  test('are all there', () => {
    expect(scenarios.length).toBe(67);
  });

  for (const scenario of scenarios)
    test(`${scenario.id}: ${scenario.title}`, async () => {
      expect(await playScenario(scenario, stage)).toEqual(drawn(scenario));
    });

  test('nothing went wrong inside the node, and its script could always go on', () => {
    const lines = stage.node.log().split('\n');
    expect(lines.filter((line) => /"level":"(warn|error|fatal)"/.test(line))).toEqual([]);
    expect(lines.length).toBeGreaterThan(100);
  });

  test('nobody but the kit is believed', async () => {
    const path = `${stage.node.base}/catalog/datasets/CAT0102`;
    const strange = await fetch(path, { headers: { authorization: 'Bearer of-somebody-else-altogether' } });
    expect([strange.status, (await fetch(path)).status]).toEqual([401, 401]);
  });
});

test('the product knows nothing of the kit', () => {
  const root = join(builtNode(), '../..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(m?js|json)$/.test(name));
  const knowing = files.filter((name) => /TCK_PARTICIPANT|ACN0101/.test(readFileSync(join(root, name), 'utf8')));
  expect([files.length > 300, knowing]).toEqual([true, []]);
});
