import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Unavailable } from './maven.mjs';

/**
 * Compiles Java of ours.
 *
 * @param {string} name of the folder in the cache that the classes come to
 * @param {URL} sources the root folder of the sources
 * @param {string} jars the folder with the jars that they are made against
 * @returns {string} the folder of the classes
 * @throws Unavailable without a compiler.
 */
export function compileJava(name, sources, jars) {
  const classes = fileURLToPath(new URL(`../../node_modules/.cache/hansa/${name}`, import.meta.url));
  const root = fileURLToPath(sources);
  rmSync(classes, { recursive: true, force: true });
  mkdirSync(classes, { recursive: true });
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.java'));
  const parameters = ['-cp', join(jars, '*'), '-d', classes, ...files.map((file) => join(root, file))];
  const compiled = spawnSync('javac', parameters, { encoding: 'utf8' });
  if (compiled.error) throw new Unavailable('The compiler of Java (javac, of a JDK) is not installed.');
  if (compiled.status !== 0) throw new Error(`${name} does not compile: ${compiled.stderr}`);
  return classes;
}
