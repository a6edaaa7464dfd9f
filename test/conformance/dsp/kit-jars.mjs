// Brings the conformance kit onto this machine by Maven, into a cache that is no part of the project.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const kitVersion = '1.0.1';
const cache = fileURLToPath(new URL(`../../../node_modules/.cache/hansa/dsp-tck-${kitVersion}/`, import.meta.url));
/** Milliseconds. */
const downloadLimit = 240_000;

/** The kit cannot be run here: a tool or the kit itself is missing. */
export class KitUnavailable extends Error {}

/** The artifact, the version and the remarks that are not obvious: OkHttp's own artifact is empty for Maven. */
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>eu.hansa</groupId><artifactId>dsp-conformance</artifactId><version>1</version><packaging>pom</packaging>
  <dependencyManagement><dependencies>
    ${dependency('org.junit:junit-bom:6.1.0', '<type>pom</type><scope>import</scope>')}
  </dependencies></dependencyManagement>
  <dependencies>
    ${dependency(`org.eclipse.dataspacetck.dsp:dsp-tck:${kitVersion}`)}
    ${dependency('com.squareup.okhttp3:okhttp-jvm:5.4.0')}
    ${dependency('org.junit.platform:junit-platform-launcher')}
    ${dependency('org.eclipse.parsson:parsson:1.1.9')}
  </dependencies>
</project>
`;

function dependency(coordinates, rest = '') {
  const [group, artifact, version] = coordinates.split(':');
  const named = version ? `<version>${version}</version>` : '';
  return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId>${named}${rest}</dependency>`;
}

/** @throws KitUnavailable without Java 17 or later. */
export function requireJava() {
  const { stderr, error } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  if (error) throw new KitUnavailable('Java is not installed; the kit needs Java 17 or later.');
  const major = Number(/version "(?:1\.)?(\d+)/.exec(stderr)?.[1]);
  if (!(major >= 17)) throw new KitUnavailable(`The kit needs Java 17 or later; here is ${stderr.split('\n')[0]}.`);
}

/**
 * The folder of the kit's jars: the one that is given, or the cache, which Maven fills once.
 *
 * @param {string | undefined} given
 * @param {(text: string) => void} say
 * @throws KitUnavailable when there is none and Maven cannot bring it.
 */
export function kitJars(given, say) {
  if (given !== undefined) {
    if (existsSync(given) && readdirSync(given).some((name) => name.endsWith('.jar'))) return resolve(given);
    throw new KitUnavailable(`There are no jars in ${given}.`);
  }
  const [folder, complete] = [join(cache, 'lib'), join(cache, 'complete')];
  if (existsSync(complete)) return folder;
  const found = spawnSync('mvn', ['--version'], { encoding: 'utf8' });
  if (found.error) throw new KitUnavailable('Maven is not installed; it brings the kit from Maven Central.');
  say(`bringing the kit ${kitVersion} by Maven`);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(cache, 'pom.xml'), pom);
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
  // -U: that it was not to be had before is no answer today.
  const flags = ['-q', '-B', '-U', '-Dstyle.color=never', '-f', join(cache, 'pom.xml')];
  const run = spawnSync('mvn', [...flags, ...goal], { encoding: 'utf8', timeout: downloadLimit });
  if (run.status !== 0) throw new KitUnavailable(`Maven could not bring the kit: ${reasonOf(run)}`);
  writeFileSync(complete, '');
  return folder;
}

/** Maven's first error; it repeats itself at length. */
function reasonOf({ stdout = '', stderr = '', error }) {
  if (error) return error.message;
  const lines = `${stdout}\n${stderr}`.split('\n');
  const first = lines.find((line) => line.includes('[ERROR]')) ?? 'it gave no reason';
  return first.replace(/^.*\[ERROR\]\s*/, '').replace(/ -> \[Help.*$/, '');
}
