// Which artifacts make a connector of Eclipse EDC: a control plane, a data plane for HTTP in the same process, and an
// identity service that proves nothing.
import { dependency, excluding, jarsOf } from '../../support/maven.mjs';

const modules = [
  'controlplane-base-bom',
  'iam-mock',
  'control-plane-api-client',
  'transfer-data-plane-signaling',
  'validator-data-address-http-data',
  'data-plane-self-registration',
  'data-plane-signaling-api',
  'data-plane-signaling-client',
  'data-plane-core',
  'data-plane-http',
  'data-plane-iam',
];

/**
 * @param {string} version of EDC
 * @param {{ references: string }} others the version of the API that shows what a consumer was given, where it is not
 *   the same
 */
function connector(version, { references }) {
  // Jetty's artifact holds nothing, and Maven looks for a jar of it.
  const without = excluding('org.eclipse.jetty.websocket:jetty-websocket', 'org.eclipse.edc:edr-cache-api');
  const of = (artifact, itsVersion, rest) => dependency(`org.eclipse.edc:${artifact}:${itsVersion}`, rest);
  return {
    version,
    // The modules ask for several versions of Jackson, of which Maven would take the nearest and not the newest.
    bills: ['com.fasterxml.jackson:jackson-bom:2.20.1'],
    dependencies: [
      ...modules.map((artifact) => of(artifact, version, without)),
      of('edr-cache-api', references, excluding('*:*')),
      // The last version that was published: by it a provider's data plane is an HTTP endpoint for consumers.
      of('data-plane-public-api-v2', '0.13.0', excluding('*:*')),
      dependency('org.eclipse.parsson:parsson:1.1.7'),
    ],
  };
}

/** Newest first. */
const versions = [
  connector('0.17.0', { references: '0.17.0' }),
  // That API was left out when 0.15.1 was published.
  connector('0.15.1', { references: '0.14.0' }),
];

/**
 * The folder of EDC's jars, and the version that they are of.
 *
 * @param {{ jars?: string, version?: string }} wanted jars that are there, or a version for Maven to bring; without
 *   either the newest that can be had
 * @param {(text: string) => void} say
 * @throws Unavailable when it cannot be had.
 */
export function edcJars({ jars, version }, say) {
  const listed = versions.filter((one) => version === undefined || one.version === version);
  const wanted = listed.length > 0 ? listed : [connector(version, { references: version })];
  const found = jarsOf({ name: 'edc', versions: wanted, given: jars, say });
  return { folder: found.folder, version: found.version?.version ?? `of ${jars}` };
}
