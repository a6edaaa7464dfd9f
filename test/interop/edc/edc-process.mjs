// A connector of Eclipse EDC in a process of its own, on loopback, and the DID document by which others find it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { freePort } from '../../support/free-port.mjs';
import { compileJava } from '../../support/javac.mjs';
import { startProcess } from '../../support/process.mjs';

/** By this EDC finds the extensions on its class path. */
const extensionList = 'META-INF/services/org.eclipse.edc.spi.system.ServiceExtension';
const runtime = 'org.eclipse.edc.boot.system.runtime.BaseRuntime';

/**
 * The class path of a connector, with our extension of it.
 *
 * @param {string} jars the folder of EDC's jars
 * @throws Unavailable without a compiler.
 */
export function classPath(jars) {
  const classes = compileJava('edc-peer', new URL('peer/', import.meta.url), jars);
  mkdirSync(join(classes, 'META-INF/services'), { recursive: true });
  writeFileSync(join(classes, extensionList), 'eu.hansa.interop.PeerExtension\n');
  return [classes, join(jars, '*')].join(delimiter);
}

/**
 * Starts a connector.
 *
 * @param {{ name: string, classPath: string, settings?: Record<string, string | number> }} options further settings
 *   of EDC
 */
export async function startEdc({ name, classPath, settings = {} }) {
  const ports = {};
  for (const context of ['', 'management', 'protocol', 'control', 'version', 'public'])
    ports[context] = await freePort();
  const at = (context) => `http://127.0.0.1:${ports[context]}/${context}`;
  const identity = await serveDid(`${at('protocol')}/.well-known/dspace-version`);
  const all = { ...settingsOf(identity.did, ports, at), ...settings };
  let edc;
  try {
    edc = await startProcess({
      name,
      command: 'java',
      parameters: (directory) => [
        // Small heaps: the machine has others to serve.
        '-Xmx384m',
        ...Object.entries({ ...all, 'hansa.held': join(directory, 'held') }).map(([key, value]) => `-D${key}=${value}`),
        '-cp',
        classPath,
        runtime,
      ],
      env: () => ({}),
      ready: /Runtime \S+ ready/,
    });
  } catch (error) {
    identity.close();
    throw error;
  }
  return {
    name,
    did: identity.did,
    pid: edc.pid,
    /** The base of its protocol endpoints. */
    protocol: `${at('protocol')}/2025-1`,
    manage: managementClient(at('management')),
    /** The assets whose negotiations wait for somebody to decide. */
    hold: (...assets) => writeFileSync(join(edc.directory, 'held'), assets.join('\n')),
    log: edc.log,
    stop: async () => {
      identity.close();
      return edc.stop();
    },
  };
}

function settingsOf(did, ports, at) {
  const keys = 'edc.transfer.proxy.token';
  const settings = {
    'edc.participant.id': did,
    'edc.hostname': '127.0.0.1',
    'edc.dsp.callback.address': at('protocol'),
    'edc.dataplane.api.public.baseurl': at('public'),
    [`${keys}.signer.privatekey.alias`]: 'private-key',
    [`${keys}.verifier.publickey.alias`]: 'public-key',
  };
  for (const [context, port] of Object.entries(ports)) {
    const key = context === '' ? 'web.http' : `web.http.${context}`;
    Object.assign(settings, { [`${key}.port`]: port, [`${key}.path`]: context === '' ? '/api' : `/${context}` });
  }
  return settings;
}

/** A DID document of the connector: EDC serves none itself. */
async function serveDid(serviceEndpoint) {
  let document;
  const server = createServer((request, response) => {
    if (request.url !== '/.well-known/did.json') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': 'application/did+json' }).end(JSON.stringify(document));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const did = `did:web:localhost%3A${server.address().port}`;
  const service = [{ id: `${did}#dsp`, type: 'DataService', serviceEndpoint }];
  document = { '@context': ['https://www.w3.org/ns/did/v1'], id: did, service };
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { did, close };
}

/** EDC's Management API, version 3. */
const managementClient = (base) => async (method, path, body) => {
  const vocabulary = { '@vocab': 'https://w3id.org/edc/v0.0.1/ns/', odrl: 'http://www.w3.org/ns/odrl/2/' };
  const answer = await fetch(`${base}/v3/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify({ '@context': vocabulary, ...body }) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`EDC answered ${method} ${path} with ${answer.status}: ${text.slice(0, 1000)}`);
  return text === '' ? null : JSON.parse(text);
};
