import { didDocumentUrl, parseDidWeb } from '@hansa/dcp';
import { isJsonObject, type Json } from '@hansa/kernel';
import type { HeldCredential, NodeInfo } from '../api.js';
import { getPublicJson, type NodeProblem, type NodeResult } from '../client.js';
import { findToken } from '../find-node.js';
import { packageVersion } from '../package-root.js';
import { cell, time } from '../print/text.js';
import { Session } from '../session.js';
import type { ConfiguredNode } from './check-set-up.js';
import type { Finding } from './finding.js';

const day = 24 * 3600 * 1000;
/** Days before the end of a credential from which its renewal should be thought of. */
const renewalDays = 30;

/**
 * Looks at the node that runs at the address of `--url` or HANSA_URL, else at the one that is configured here.
 *
 * @param now milliseconds since 1970
 */
export async function checkNode(
  asked: Session,
  configured: ConfiguredNode | null,
  now: number,
): Promise<readonly Finding[]> {
  const isNamed = Boolean(asked.options.url ?? asked.terminal.env.HANSA_URL);
  const session = isNamed || !configured ? asked : sessionOf(asked, configured);
  const { url } = session;
  const ready = readinessOf(url, await getPublicJson(url, '/health/ready'), isNamed);
  if (!ready.answered) return [ready.finding];
  const identity = await checkIdentity(url);
  const token = findToken(session.options, session.terminal);
  if (!token.ok) {
    const detail = 'The token of the node is not known, so its credentials and deliveries were not looked at.';
    return [ready.finding, identity, { check: 'access', status: 'warn', detail, hint: token.problem.detail }];
  }
  const info = await session.client.get<NodeInfo>('/node');
  if (!info.ok) return [ready.finding, identity, refused(info.problem)];
  return [
    ready.finding,
    identity,
    ...(configured ? [sameNode(info.value, configured, isNamed)] : []),
    versionOf(info.value),
    storesOf(info.value),
    membershipOf(info.value, await session.client.get('/credentials'), now),
    deliveriesOf(await session.client.get('/deliveries/dead')),
  ];
}

/** A session with the configured node, with its token where its data directory holds one. */
function sessionOf({ terminal, options }: Session, { address, dataDirectory }: ConfiguredNode): Session {
  const own = { ...options, url: address, data: dataDirectory };
  return new Session(terminal, findToken(own, terminal).ok ? own : { ...options, url: address });
}

/** What the answer to `/health/ready` says; no node at an address that nobody named is no fault. */
export function readinessOf(
  url: string,
  health: NodeResult<Json>,
  isNamed: boolean,
): { readonly answered: boolean; readonly finding: Finding } {
  const check = 'running node';
  if (health.ok) {
    const parts = Object.keys(partsOf(health.value)).join(', ');
    return { answered: true, finding: { check, status: 'ok', detail: `The node at ${url} is ready: ${parts}.` } };
  }
  const { kind, detail, status, answer } = health.problem;
  if (status === undefined) {
    const hint = 'Start one with "hansa start".';
    return kind === 'node.unreachable' && !isNamed
      ? { answered: false, finding: { check, status: 'ok', detail: `No node answers at ${url}.`, hint } }
      : { answered: false, finding: { check, status: 'fail', detail } };
  }
  const down = Object.entries(partsOf(answer)).flatMap(([name, part]) =>
    isJsonObject(part) && part.status !== 'up' ? [`${name} is down: ${cell(part.reason) || 'no reason is given'}`] : [],
  );
  const hint = down.length > 0 ? down.join('; ') : `Look at ${url}/health/ready and at the log of the node.`;
  return { answered: true, finding: { check, status: 'fail', detail: `The node at ${url} is not ready.`, hint } };
}

function partsOf(report: Json | undefined): Readonly<Record<string, Json>> {
  return isJsonObject(report) && isJsonObject(report.parts) ? report.parts : {};
}

/** Is the DID document at the place where every counterparty looks for it? */
async function checkIdentity(url: string): Promise<Finding> {
  const check = 'identity';
  const own = await getPublicJson<Json>(url, '/.well-known/did.json');
  const did = own.ok && isJsonObject(own.value) ? own.value.id : undefined;
  const parts = parseDidWeb(did);
  if (!parts.ok)
    return { check, status: 'fail', detail: `What answers at ${url} publishes no DID.`, hint: 'Is it a node?' };
  const { host } = parts.value;
  // A node takes plain http for this machine only.
  const insecure = host === 'localhost' || host.endsWith('.localhost');
  const place = didDocumentUrl(parts.value, { insecure });
  const published = await getPublicJson<Json>(place, '');
  const isThere = published.ok && isJsonObject(published.value) && published.value.id === did;
  if (isThere) return { check, status: 'ok', detail: `${parts.value.did}, found at ${place}` };
  const { status } = published.ok ? { status: 200 } : published.problem;
  const why = status === undefined ? 'nothing answers there' : `another answer is there, with status ${status}`;
  return {
    check,
    status: 'fail',
    detail: `${parts.value.did} is not found at ${place}: ${why}.`,
    hint: 'No counterparty can know this node. Let the proxy pass that address to it, or correct publicUrl.',
  };
}

/** Does what was found in the set-up say anything about the node that runs? */
export function sameNode(
  { city, publicUrl }: Pick<NodeInfo, 'city' | 'publicUrl'>,
  configured: ConfiguredNode,
  isNamed: boolean,
): Finding {
  const check = 'same node';
  if (city === configured.city && publicUrl === configured.publicUrl)
    return { check, status: 'ok', detail: 'It is the node that is configured here.' };
  return {
    check,
    // Who names an address may well look at the node of somebody else.
    status: isNamed ? 'warn' : 'fail',
    detail: `It is "${city}" at ${publicUrl}; configured here is "${configured.city}" at ${configured.publicUrl}.`,
    hint: 'What was found in the set-up is not about it. Run this with the directory and variables of its start.',
  };
}

function versionOf({ version }: NodeInfo): Finding {
  const check = 'version';
  const here = packageVersion();
  if (version === here) return { check, status: 'ok', detail: version };
  const detail = `The node runs version ${version}, and here is ${here}.`;
  return { check, status: 'warn', detail, hint: 'Restart the node after an upgrade.' };
}

function storesOf({ database, jobs }: NodeInfo): Finding {
  const kept = database === 'embedded' ? 'embedded database' : 'PostgreSQL server';
  const queued = jobs === 'redis' ? 'jobs in Redis' : 'jobs in the database';
  return { check: 'stores', status: 'ok', detail: `${kept}, ${queued}` };
}

/** Is there a credential to show, and for how long? */
export function membershipOf(
  { authority }: Pick<NodeInfo, 'authority'>,
  answer: NodeResult<{ readonly items: readonly HeldCredential[] }>,
  now: number,
): Finding {
  const check = 'membership';
  if (!answer.ok) return { check, status: 'fail', detail: answer.problem.detail };
  // The newest comes first, and it is the one that is presented.
  const held = answer.value.items.find(({ type }) => type === 'MembershipCredential');
  const hint = 'Ask the authority of the data space for one: hansa credential request <did>';
  if (!held && authority)
    return { check, status: 'ok', detail: 'This node is the authority, and holds no credential itself.' };
  if (!held) return { check, status: 'warn', detail: 'This node holds no credential; others refuse it.', hint };
  if (held.validUntil === null) return { check, status: 'ok', detail: `from ${held.issuer}, without an end` };
  const left = Date.parse(held.validUntil) - now;
  const until = time(held.validUntil);
  if (left <= 0)
    return { check, status: 'fail', detail: `from ${held.issuer}, ended ${until}; others refuse it`, hint };
  const detail = `from ${held.issuer}, valid until ${until}`;
  return left < renewalDays * day ? { check, status: 'warn', detail, hint } : { check, status: 'ok', detail };
}

/** Has anything been given up that somebody must know of? */
export function deliveriesOf(answer: NodeResult<{ readonly items: readonly unknown[] }>): Finding {
  const check = 'deliveries';
  if (!answer.ok) return { check, status: 'fail', detail: answer.problem.detail };
  const { length } = answer.value.items;
  if (length === 0) return { check, status: 'ok', detail: 'No message was given up.' };
  return {
    check,
    status: 'warn',
    detail: `${length} ${length === 1 ? 'message was' : 'messages were'} given up: the receiver could not be reached.`,
    hint: 'hansa delivery list names them, with the last error of each; hansa delivery redrive sends them again.',
  };
}

function refused({ status, detail }: NodeProblem): Finding {
  const check = 'access';
  return status === 401
    ? {
        check,
        status: 'fail',
        detail: 'The node does not accept the token.',
        hint: 'Name its data directory with --data, or its token with --token.',
      }
    : { check, status: 'fail', detail };
}
