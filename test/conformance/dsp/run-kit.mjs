// Runs the official conformance kit of the Dataspace Protocol (Eclipse dsp-tck) against a node of this build.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { KitUnavailable, kitJars, requireJava } from './kit-jars.mjs';
import { readKitLog } from './kit-log.mjs';
import { freePort, startKitNode } from './start-kit-node.mjs';

const scripts = JSON.parse(readFileSync(new URL('scripts.json', import.meta.url), 'utf8'));
const logs = fileURLToPath(new URL('../../../node_modules/.cache/hansa/', import.meta.url));
const suite = 'org.eclipse.dataspacetck.dsp.suite.DspTckSuite';

/** Milliseconds that the node waits before it acts; the kit looks every 100 ms whether it may open an endpoint. */
const pause = 400;
/** Seconds that the kit waits for one thing to happen. */
const patience = 15;
/** Milliseconds for all tests together. */
const limit = 10 * 60_000;

/**
 * Looks for what the kit needs, before anything is built for it.
 *
 * @param {{ jars?: string }} options
 * @param {(text: string) => void} say progress
 * @returns {{ jars: string } | { missing: string }}
 */
export function prepare({ jars }, say) {
  try {
    requireJava();
    return { jars: kitJars(jars, say) };
  } catch (error) {
    if (error instanceof KitUnavailable) return { missing: error.message };
    throw error;
  }
}

/**
 * @param {{ jars: string }} kit
 * @param {(text: string) => void} say progress
 */
export async function run({ jars }, say) {
  const kitPort = await freePort();
  const kitAddress = `http://127.0.0.1:${kitPort}`;
  const directory = mkdtempSync(join(tmpdir(), 'hansa-kit-'));
  const node = await startKitNode({ kitAddress, pause });
  mkdirSync(logs, { recursive: true });
  const [kitLog, nodeLog] = [join(logs, 'dsp-tck.log'), join(logs, 'dsp-tck-node.log')];
  try {
    const config = join(directory, 'kit.properties');
    writeFileSync(config, propertiesOf({ node, kitPort, kitAddress }));
    await runKit({ jars, config, directory, kitLog }, say);
    const result = readKitLog(readFileSync(kitLog, 'utf8'));
    if (result.failed > 0) say(`logs: ${kitLog}, ${nodeLog}`);
    return result;
  } finally {
    writeFileSync(nodeLog, node.log());
    const outcome = await node.stop();
    if (outcome !== 0) say(`the node did not stop cleanly: ${outcome}`);
    rmSync(directory, { recursive: true, force: true });
  }
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
async function runKit({ jars, config, directory, kitLog }, say) {
  const classPath = [join(jars, '*')].join(delimiter);
  const kit = spawn('java', ['-cp', classPath, suite, '-config', config], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(kitLog);
  const late = setTimeout(() => kit.kill('SIGKILL'), limit);
  const stop = () => kit.kill('SIGKILL');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);
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
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, stop);
  await new Promise((resolve) => log.end(resolve));
}
