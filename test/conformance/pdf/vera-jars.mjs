// Which artifacts make veraPDF, the reference checker of PDF/A and PDF/UA, and how it is launched.
import { delimiter, join } from 'node:path';
import { compileJava } from '../../support/javac.mjs';
import { dependency, jarsOf } from '../../support/maven.mjs';

const checker = (version) => ({
  version,
  bills: [],
  dependencies: [dependency(`org.verapdf:validation-model:${version}`)],
});

/**
 * @param {{ jars?: string, version?: string }} wanted jars that are there, or a version for Maven to bring
 * @param {(text: string) => void} say
 * @returns {{ version: string, classPath: string, main: string }}
 * @throws Unavailable when it cannot be had, or there is no compiler of Java.
 */
export function findChecker({ jars, version = '1.30.2' }, say) {
  const found = jarsOf({ name: 'verapdf', versions: [checker(version)], given: jars, say });
  const launcher = compileJava('verapdf-launcher', new URL('launcher/', import.meta.url), found.folder);
  return {
    version: found.version?.version ?? `of ${jars}`,
    classPath: [launcher, join(found.folder, '*')].join(delimiter),
    main: 'eu.hansa.conformance.CheckPdfs',
  };
}
