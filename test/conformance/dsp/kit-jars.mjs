// Which artifacts make the conformance kit, and how it is launched.
import { delimiter, join } from 'node:path';
import { compileJava } from '../../support/javac.mjs';
import { dependency, jarsOf } from '../../support/maven.mjs';

const group = 'org.eclipse.dataspacetck.dsp';

/** OkHttp's own artifact is empty for Maven, so that its content is named. */
const released = {
  version: '1.0.1',
  bills: ['org.junit:junit-bom:6.1.0'],
  dependencies: [
    dependency(`${group}:dsp-tck:1.0.1`),
    dependency('com.squareup.okhttp3:okhttp-jvm:5.4.0'),
    dependency('org.junit.platform:junit-platform-launcher'),
    dependency('org.eclipse.parsson:parsson:1.1.9'),
  ],
};

const parts = ['dsp-system', 'dsp-metadata', 'dsp-catalog', 'dsp-contract-negotiation', 'dsp-transfer-process'];

/** Published as the kit's parts alone, without what launches them. */
const candidate = {
  version: '1.0.0-RC6',
  bills: ['org.junit:junit-bom:6.0.2'],
  dependencies: [
    ...[...parts, 'tck-runtime'].map((artifact) => dependency(`${group}:${artifact}:1.0.0-RC6`)),
    dependency('com.squareup.okhttp3:okhttp-jvm:5.3.0'),
    dependency('org.junit.platform:junit-platform-launcher'),
  ],
};

/**
 * The newest kit that can be had: its version, and how Java is called to run it.
 *
 * @param {{ jars?: string, version?: string }} wanted jars that are there, of a kit with its launcher; or a version
 * @param {(text: string) => void} say
 * @returns {{ version: string, classPath: string, main: string }}
 * @throws Unavailable when none can be had.
 */
export function findKit({ jars, version }, say) {
  const versions = [released, candidate].filter((one) => version === undefined || one.version === version);
  const found = jarsOf({ name: 'dsp-tck', versions, given: jars, say });
  const all = join(found.folder, '*');
  if (found.version !== candidate)
    return {
      version: found.version?.version ?? `of ${jars}`,
      classPath: all,
      main: 'org.eclipse.dataspacetck.dsp.suite.DspTckSuite',
    };
  const launcher = compileJava('dsp-tck-launcher', new URL('launcher/', import.meta.url), found.folder);
  return {
    version: candidate.version,
    classPath: [launcher, all].join(delimiter),
    main: 'eu.hansa.conformance.RunKit',
  };
}
