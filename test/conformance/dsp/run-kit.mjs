// Runs the official conformance kit of the Dataspace Protocol (Eclipse dsp-tck) against a node of this build.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free-port.mjs';
import { requireJava, Unavailable } from '../../support/maven.mjs';
import { findKit } from './kit-jars.mjs';
import { readKitLog } from './kit-log.mjs';
import { startKitNode } from './start-kit-node.mjs';

const scripts = JSON.parse(readFileSync(new URL('scripts.json', import.meta.url), 'utf8'));
const cache = fileURLToPath(new URL('../../../node_modules/.cache/hansa/', import.meta.url));

/** Milliseconds that the node waits before it acts; the kit looks every 100 ms whether it may open an endpoint. */
const pause = 400;
/** Seconds that the kit waits for one thing to happen. */
const patience = 15;
/** Milliseconds for all tests together. */
const limit = 10 * 60_000;

/**
 * Looks for what the kit needs, before anything is built for it.
 *
 * @param {{ jars?: string, version?: string }} options
 * @param {(text: string) => void} say progress
 * @returns {ReturnType<typeof findKit> | { missing: string }}
 */
export function prepare(options, say) {
  try {
    requireJava();
    return findKit(options, say);
  } catch (error) {
    if (error instanceof Unavailable) return { missing: error.message };
    throw error;
  }
}

/**
 * @param {ReturnType<typeof findKit>} kit
 * @param {(text: string) => void} say progress
 */
export async function run(kit, say) {
  say(`the conformance kit ${kit.version}`);
  const kitPort = await freePort();
  const kitAddress = `http://127.0.0.1:${kitPort}`;
  const node = await startKitNode({ kitAddress, pause });
  mkdirSync(cache, { recursive: true });
  const [config, kitLog, nodeLog] = ['properties', 'log', 'node.log'].map((name) => join(cache, `dsp-tck.${name}`));
  writeFileSync(config, propertiesOf({ node, kitPort, kitAddress }));
  await runKit(kit, { config, kitLog }, say);
  writeFileSync(nodeLog, node.log());
  const outcome = await node.stop();
  const { passed, failed, failures } = readKitLog(readFileSync(kitLog, 'utf8'));
  if (failed > 0) say(`logs: ${kitLog}, ${nodeLog}`);
  if (outcome === 0) return { passed, failed, failures };
  const unclean = { id: 'the node', lines: [`did not stop cleanly: ${outcome}`] };
  return { passed, failed: failed + 1, failures: [...failures, unclean] };
}

/** The kit's configuration: its own addresses, ours, and the ids that the node's script knows. */
function propertiesOf({ node, kitPort, kitAddress }) {
  const connector = 'dataspacetck.dsp.connector';
  const settings = {
    'dataspacetck.debug': true,
    'dataspacetck.ansi': false,
    'dataspacetck.host': '127.0.0.1',
    'dataspacetck.port': kitPort,
    'dataspacetck.callback.address': kitAddress,
    'dataspacetck.dsp.local.connector': false,
    'dataspacetck.dsp.default.wait': patience,
    [`${connector}.agent.id`]: node.did,
    [`${connector}.http.url`]: node.base,
    [`${connector}.http.base.url`]: node.root,
    [`${connector}.http.headers.authorization`]: node.authorization,
    [`${connector}.negotiation.initiate.url`]: `${node.triggers}/negotiations/requests`,
    [`${connector}.transfer.initiate.url`]: `${node.triggers}/transfers/requests`,
    // Not on offer: the kit asks for it to be told so.
    CAT_01_03_DATASETID: 'CAT0103',
  };
  for (const id of scripts.datasets) settings[`${keyOf(id)}_DATASETID`] = id;
  for (const id of Object.keys(scripts.negotiations)) {
    settings[`${keyOf(id)}_DATASETID`] = id;
    settings[`${keyOf(id)}_OFFERID`] = `CD123:${id}:456`;
  }
  for (const id of Object.keys(scripts.transfers)) {
    settings[`${keyOf(id)}_AGREEMENTID`] = id;
    settings[`${keyOf(id)}_FORMAT`] = 'HttpData-PULL';
  }
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** The test that an id belongs to, as the kit's configuration names it: `ACNC0305` is of `CN_C_03_05`. */
function keyOf(id) {
  const [, kind, consumer = '', group, number] = /^A?(CN|TP|CAT)(C?)(\d\d)(\d\d)$/.exec(id) ?? [];
  if (!kind) throw new Error(`no test of the kit is about ${id}`);
  return [kind, ...(consumer ? [consumer] : []), group, number].join('_');
}

/** Ends when the kit's process ends, or is ended because the time is over. */
async function runKit({ classPath, main }, { config, kitLog }, say) {
  const kit = spawn('java', ['-cp', classPath, main, '-config', config], {
    cwd: cache,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(kitLog);
  const late = setTimeout(() => kit.kill('SIGKILL'), limit);
  const stop = () => kit.kill('SIGKILL');
  process.once('exit', stop);
  let done = 0;
  for (const stream of [kit.stdout, kit.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      log.write(`${line}\n`);
      const [, outcome, id] = /(SUCCESSFUL|FAILED): (\S+:\S+)/.exec(line) ?? [];
      if (outcome) say(`${String(++done).padStart(2)} ${outcome === 'FAILED' ? 'FAILED' : 'ok    '} ${id}`);
    });
  await new Promise((resolve, reject) => {
    kit.once('error', reject);
    kit.once('close', resolve);
  });
  clearTimeout(late);
  process.off('exit', stop);
  await new Promise((resolve) => log.end(resolve));
}
