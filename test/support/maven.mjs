// Brings Java programs onto this machine by Maven, into a cache that is no part of the project.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../../node_modules/.cache/hansa/', import.meta.url));
/** Milliseconds. */
const downloadLimit = 240_000;

/** Something cannot be run here: a tool, or the program itself, is missing. */
export class Unavailable extends Error {}

/** @throws Unavailable without Java 17 or later. */
export function requireJava() {
  const { stderr, error } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (error) throw new Unavailable('Java is not installed; Java 17 or later is needed.');
  const major = Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1]);
  if (!(major >= 17)) throw new Unavailable(`Java 17 or later is needed; here is ${stderr.split('\n')[0]}.`);
}

/**
 * A dependency of a {@link jarsOf} project.
 *
 * @param {string} coordinates `group:artifact`, and `:version` where nothing else tells it
 * @param {string} [rest] further elements
 */
export function dependency(coordinates, rest = '') {
  const [group, artifact, version] = coordinates.split(':');
  const named = version ? `<version>${version}</version>` : '';
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>${named}${rest}</dependency>`;
}

/** Without these: `*:*` for everything that an artifact asks for. @param {string[]} coordinates */
export function excluding(...coordinates) {
  const parts = coordinates.map((one) => one.split(':'));
  const each = ([group, artifact]) =>
    `<exclusion><groupId>${group}</groupId><artifactId>${artifact}</artifactId></exclusion>`;
  return `<exclusions>${parts.map(each).join('')}</exclusions>`;
}

/** Bills of materials: they tell versions. @param {string[]} coordinates */
const bills = (coordinates) =>
  coordinates.map((one) => dependency(one, '<type>pom</type><scope>import</scope>')).join('\n    ');

/**
 * The folder with the jars of a program: one that is given, or one in the cache, which Maven fills once. Of several
 * versions the first that can be had is taken.
 *
 * @template {{ version: string, bills: string[], dependencies: string[] }} Version
 * @param {{ name: string, versions: Version[], given?: string, say: (text: string) => void }} program
 * @returns {{ folder: string, version: Version | null }} `version` is null for jars that were given
 * @throws Unavailable when there is none and Maven cannot bring it.
 */
export function jarsOf({ name, versions, given, say }) {
  if (given !== undefined) {
    if (existsSync(given) && readdirSync(given).some((file) => file.endsWith('.jar')))
      return { folder: resolve(given), version: null };
    throw new Unavailable(`There are no jars in ${given}.`);
  }
  const reasons = [];
  for (const version of versions) {
    const brought = bring(name, version, say);
    if (brought.folder) return { folder: brought.folder, version };
    say(`${name} ${version.version} cannot be had: ${brought.reason}`);
    reasons.push(`${version.version}: ${brought.reason}`);
  }
  throw new Unavailable(`Maven could not bring ${name}. ${reasons.join(' ')}`);
}

function bring(name, version, say) {
  const home = join(cache, `${name}-${version.version}`);
  const [folder, pom, complete] = [join(home, 'lib'), join(home, 'pom.xml'), join(home, 'complete')];
  if (existsSync(complete)) return { folder };
  if (spawnSync('mvn', ['--version']).error)
    throw new Unavailable(`Maven is not installed; it brings ${name} from Maven Central.`);
  say(`bringing ${name} ${version.version} by Maven`);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(pom, projectOf(name, version));
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
  // -U: that it was not to be had before is no answer today.
  const flags = ['-q', '-B', '-U', '-Dstyle.color=never', '-f', pom];
  const run = spawnSync('mvn', [...flags, ...goal], { encoding: 'utf8', timeout: downloadLimit });
  if (run.status !== 0) return { reason: reasonOf(run) };
  writeFileSync(complete, '');
  return { folder };
}

function projectOf(name, version) {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>eu.hansa</groupId><artifactId>${name}</artifactId><version>1</version><packaging>pom</packaging>
  <dependencyManagement><dependencies>
    ${bills(version.bills)}
  </dependencies></dependencyManagement>
  <dependencies>
    ${version.dependencies.join('\n    ')}
  </dependencies>
</project>
`;
}

/** Maven's first error; it repeats itself at length. */
function reasonOf({ stdout = '', stderr = '', error }) {
  if (error) return error.message;
  const lines = `${stdout}\n${stderr}`.split('\n');
  const first = lines.find((line) => line.includes('[ERROR]')) ?? 'it gave no reason';
  return first
    .replace(/^.*\[ERROR\]\s*/, '')
    .replace(/ -> \[Help.*$/, '')
    .slice(0, 400);
}
