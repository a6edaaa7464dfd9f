// Plays contracts and transfers between a node of this build and a real connector of Eclipse EDC, in both roles.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireJava, Unavailable } from '../../support/maven.mjs';
import { edcJars } from './edc-jars.mjs';
import { classPath } from './edc-process.mjs';
import { startOurNode, startTheirs } from './parties.mjs';
import { weConsume } from './we-consume.mjs';
import { weProvide } from './we-provide.mjs';

const cache = fileURLToPath(new URL('../../../node_modules/.cache/hansa/', import.meta.url));

const trees = `id,species,height\n${Array.from({ length: 500 }, (_, i) => `${i},Tilia cordata,${(i % 30) + 2}\n`).join('')}`;

/**
 * Looks for EDC, before anything is built for it.
 *
 * @param {{ jars?: string, version?: string }} options
 * @param {(text: string) => void} say progress
 * @returns {{ version: string, classPath: string } | { missing: string }}
 */
export function prepare(options, say) {
  try {
    requireJava();
    const { folder, version } = edcJars(options, say);
    return { version, classPath: classPath(folder) };
  } catch (error) {
    if (error instanceof Unavailable) return { missing: error.message };
    throw error;
  }
}

/**
 * @param {{ version: string, classPath: string }} edc
 * @param {(text: string) => void} say progress
 */
export async function run({ version, classPath }, say) {
  say(`Eclipse EDC ${version}`);
  const directory = mkdtempSync(join(tmpdir(), 'hansa-edc-'));
  const [file, source] = [join(directory, 'trees.csv'), createServer()];
  writeFileSync(file, trees);
  source.on('request', (_, response) => response.writeHead(200, { 'content-type': 'text/csv' }).end(trees));
  await new Promise((resolve) => source.listen(0, '127.0.0.1', resolve));
  const started = [];
  const outcomes = [];
  try {
    const edc = await startTheirs(classPath);
    started.push(['edc', edc]);
    const node = await startOurNode();
    started.push(['node', node]);
    await edc.prepare();
    const parties = { node, edc, file, source: `http://127.0.0.1:${source.address().port}/trees.csv` };
    for (const [id, play] of [...weProvide, ...weConsume]) outcomes.push(await played(id, () => play(parties), say));
  } finally {
    source.closeAllConnections();
    source.close();
    mkdirSync(cache, { recursive: true });
    for (const [name, { log }] of started) writeFileSync(join(cache, `edc-interop.${name}.log`), log());
    const ends = await Promise.all(started.map(async ([name, { stop }]) => [name, await stop()]));
    const unclean = ends.find(([name, end]) => name === 'node' && end !== 0);
    if (unclean) outcomes.push({ id: 'our node', lines: [`did not stop cleanly: ${unclean[1]}`] });
    rmSync(directory, { recursive: true, force: true });
  }
  const failures = outcomes.filter(({ lines }) => lines !== null);
  if (failures.length > 0) say(`logs: ${join(cache, 'edc-interop.*.log')}`);
  return { passed: outcomes.length - failures.length, failed: failures.length, failures };
}

async function played(id, play, say) {
  const began = performance.now();
  const lines = await play().then(
    () => null,
    (error) =>
      String(error?.stack ?? error)
        .split('\n')
        .slice(0, 30),
  );
  say(`${lines === null ? 'ok    ' : 'FAILED'} ${id} (${Math.round(performance.now() - began)} ms)`);
  return { id, lines };
}
