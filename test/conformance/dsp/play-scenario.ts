import { sleep, until } from '../../e2e/support/wait.js';
import { kitMessage, type Subject } from './kit-messages.js';
import { type KitPeer, type KitProcess, ownStateAfter } from './kit-peer.js';
import type { Complain } from './official-schemas.js';
import type { KitNode } from './start-kit-node.mjs';

/** A test of the kit, as `scenarios.json` tells it. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly cutRole: 'consumer' | 'provider';
  readonly messages: readonly { readonly from: 'TCK' | 'CUT'; readonly kind: string; readonly what: string }[];
  /** What the kit does, in its order. */
  readonly tckTimeline: readonly string[];
  readonly sampleParameters: Readonly<Record<string, string>>;
}

/** Where the scenarios are played. */
export interface Stage {
  readonly node: KitNode;
  readonly peer: KitPeer;
  readonly address: string;
  readonly complain: Complain;
  /** Milliseconds after which whatever the node does by its script has come. */
  readonly quiet: number;
}

/** One scenario under way. */
interface Play extends Stage {
  readonly process: KitProcess;
  readonly subject: Subject;
}

/** Milliseconds. */
const limit = 10_000;

/** What a line of a timeline has the kit do. */
const steps: readonly (readonly [RegExp, (play: Play, ...found: string[]) => Promise<void>])[] = [
  [/^TCK opens its (.+) endpoint$/, async ({ peer }, endpoint) => peer.open(endpoint)],
  [/^TCK POSTs (\w+) trigger$/, trigger],
  [/^TCK sends (.+?)( and requires a 4xx other than 404)?$/, send],
  [/^TCK waits until its own view is (\w+)$/, wait],
  [/^TCK GETs the process from the CUT and requires state (\w+)$/, look],
  [/^TCK pauses (\d+) ms$/, async (_, ms) => sleep(Number(ms))],
  [/^TCK (GET|POST)s .*<(http\.(?:base\.)?url)>(\S+)(.*)$/, read],
  [/^requires /, async () => {}],
];

/** Plays the kit's part of a scenario against the node. @throws Error where the node does anything else. */
export async function playScenario(scenario: Scenario, stage: Stage): Promise<readonly string[]> {
  const { sampleParameters: given, cutRole } = scenario;
  const { peer, node, address } = stage;
  const process = peer.begin(cutRole === 'provider' ? 'consumer' : 'provider', node.base);
  const { DATASETID: datasetId = '', AGREEMENTID: agreementId = '', FORMAT: format = '' } = given;
  const offerId = given.OFFERID ?? `offer${datasetId}`;
  const subject = { datasetId, offerId, agreementId, format, tested: node.did, address };
  for (const line of scenario.tckTimeline) {
    const [pattern, step] = steps.find(([known]) => known.test(line)) ?? [];
    if (!pattern || !step) throw new Error(`the timeline says "${line}", which nobody here understands`);
    try {
      await step({ ...stage, process, subject }, ...(pattern.exec(line)?.slice(1) ?? []));
    } catch (error) {
      const story = `${process.state}; received ${process.received.join(', ')}; ${process.complaints.join('; ')}`;
      throw new Error(`${line}: ${error instanceof Error ? error.message : error} (the kit is in ${story})`);
    }
  }
  await sleep(stage.quiet);
  if (process.complaints.length > 0) throw new Error(process.complaints.join('\n'));
  return process.received;
}

async function trigger({ node, process, subject, address }: Play, kind = ''): Promise<void> {
  const { datasetId, offerId, agreementId, format } = subject;
  const who = { providerId: 'TCK_PARTICIPANT', connectorAddress: address };
  const [path, about] =
    kind === 'transfer'
      ? ['/transfers/requests', { agreementId, format }]
      : ['/negotiations/requests', { datasetId, offerId }];
  const { status } = await post(node, `${node.triggers}${path}`, { ...who, ...about });
  if (status !== 200) throw new Error(`the trigger was answered with ${status}`);
  await wait({ process }, 'REQUESTED');
  if (kind !== 'transfer' && process.offerId !== offerId) throw new Error(`the offer asked for is ${process.offerId}`);
}

async function send(play: Play, said = '', refused?: string): Promise<void> {
  const { node, process, subject, complain } = play;
  const counter = said.includes('(counter');
  const what = said.replace(/ \(.*$/, '');
  const opening = /Request/.test(what) && !counter;
  const message = kitMessage(counter ? `${what} counter` : what, subject, process.pids);
  const fault = complain(message);
  if (fault !== null) throw new Error(`the kit's own message is wrong: ${fault}`);
  const { status, body } = await post(node, urlOf(play, what, counter), message);
  if (refused !== undefined) {
    if (status < 400 || status > 499 || status === 404) throw new Error(`it was answered with ${status}`);
    const error = complain(body);
    if (error !== null) throw new Error(`the refusal is no error object: ${error}`);
    return;
  }
  if (status !== (opening ? 201 : 200)) throw new Error(`it was answered with ${status}: ${JSON.stringify(body)}`);
  if (opening) process.pids = { ...process.pids, providerPid: String(body?.providerPid) };
  ownStateAfter(process, what);
}

/** Where a message of the kit goes. */
function urlOf({ process }: Play, what: string, counter: boolean): string {
  const { role, address, pids } = process;
  const [folder, pid] = [
    what.startsWith('Transfer') ? 'transfers' : 'negotiations',
    role === 'consumer' ? pids.providerPid : pids.consumerPid,
  ];
  const ends: Readonly<Record<string, string>> = {
    ContractOfferMessage: 'offers',
    ContractAgreementMessage: 'agreement',
    ContractAgreementVerificationMessage: 'agreement/verification',
    ContractNegotiationTerminationMessage: 'termination',
  };
  const event = what.startsWith('ContractNegotiationEventMessage') ? 'events' : undefined;
  const end = ends[what] ?? event ?? what.replace(/^(Contract|Transfer)(\w+)Message$/, '$2').toLowerCase();
  return end === 'request' && !counter ? `${address}/${folder}/request` : `${address}/${folder}/${pid}/${end}`;
}

async function wait({ process }: Pick<Play, 'process'>, state = ''): Promise<void> {
  await until(async () => process.state === state, { limit, what: () => `it never was ${state}` });
}

/** Looks at the process as the other side may see it: a moment after the step before, until the time is over. */
async function look({ node, process, subject, complain }: Play, state = ''): Promise<void> {
  const { role, address, pids } = process;
  const pid = role === 'consumer' ? pids.providerPid : pids.consumerPid;
  const folder = subject.agreementId ? 'transfers' : 'negotiations';
  await sleep(100);
  let seen: Answer | undefined;
  await until(
    async () => {
      seen = await ask(node, 'GET', `${address}/${folder}/${pid}`);
      return seen.status === 200 && seen.body?.state === state;
    },
    { limit, what: () => `it is ${seen?.status} ${seen?.body?.state}` },
  );
  const fault = complain(seen?.body);
  if (fault !== null) throw new Error(fault);
}

/** The tests that only read: the version document and the catalogue. */
async function read({ node, subject, complain }: Play, method = 'GET', root = '', path = '', rest = ''): Promise<void> {
  const { datasetId } = subject;
  const url = `${root === 'http.url' ? node.base : node.root}${path.replace('<DATASETID>', datasetId)}`;
  const message = method === 'POST' ? kitMessage('CatalogRequestMessage', subject, {}) : undefined;
  const { body } = await ask(node, method, url, message);
  if (path.includes('dspace-version')) {
    const versions = body?.protocolVersions as { version?: string; path?: string; binding?: string }[];
    const ours = versions.find(({ version }) => version === '2025-1');
    if (!ours?.path || !ours.binding) throw new Error(`the versions are ${JSON.stringify(versions)}`);
    return;
  }
  const fault = complain(body);
  if (fault !== null) throw new Error(fault);
  const unknown = rest.includes('unknown');
  const type = unknown ? 'CatalogError' : path.includes('request') ? 'Catalog' : 'Dataset';
  if (body?.['@type'] !== type) throw new Error(`it is a ${body?.['@type']}`);
  if (!unknown && !JSON.stringify(body).includes(`"@id":"${datasetId}"`)) throw new Error(`${datasetId} is missing`);
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | null;
}

const post = (node: KitNode, url: string, body: object): Promise<Answer> => ask(node, 'POST', url, body);

async function ask({ authorization }: KitNode, method: string, url: string, body?: object): Promise<Answer> {
  const headers = { authorization, 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
}
