// Our node and a connector of Eclipse EDC, and what the tests have each of them do.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { startComposedNode } from '../../support/composed-node.mjs';
import { until } from '../../support/until.mjs';
import { startEdc } from './edc-process.mjs';

/** EDC's name of the Dataspace Protocol 2025-1 over HTTP. */
const protocol = 'dataspace-protocol-http:2025-1';

/** Milliseconds that one step of the other side may take. */
const patience = 20_000;
/** Milliseconds between two looks at a process. */
const pause = 40;

const ended = new Set(['FINALIZED', 'COMPLETED', 'TERMINATED', 'REFUSED']);
/** EDC tidies up after what is over, as provider. */
const tidied = new Set(['DEPROVISIONING', 'DEPROVISIONED']);

/** Waits until a process is in a state, and fails at once when it has ended in another. */
async function stateOf(look, state, { every = pause, limit = patience } = {}) {
  let last;
  return until(
    async () => {
      last = await look();
      assert.ok(last.state === state || !ended.has(last.state), `it has ended otherwise: ${JSON.stringify(last)}`);
      return last.state === state && !last.pending && last;
    },
    { limit, every, what: () => `it is not ${state}: ${JSON.stringify(last)}` },
  );
}

/** Our node, led by its management API. */
export async function startOurNode() {
  // Only now: what looks for EDC comes before the build.
  const { createManagementClient, path } = await import('../../../dist/apps/cli/src/client.js');
  const token = randomBytes(24).toString('base64url');
  const entry = new URL('interop-node.main.ts', import.meta.url);
  const node = await startComposedNode({ name: 'interop', entry, env: { HANSA_ADMIN_TOKEN: token } });
  const client = createManagementClient({ url: node.root, token });
  const value = (result) => {
    if (result.ok) return result.value;
    throw new Error(`our node refused: ${JSON.stringify(result.problem)}`);
  };
  const get = async (target) => value(await client.get(target));
  const post = async (target, body = {}) => value(await client.post(target, body));
  /** The node's own view of the one process about a dataset. */
  const about = async (kind, datasetId) => {
    const { items } = await get(`/${kind}?limit=500`);
    const found = items.filter((item) => item.datasetId === datasetId);
    assert.equal(found.length, 1, `our node knows ${found.length} ${kind} about ${datasetId}`);
    return found[0];
  };
  return {
    ...node,
    get,
    post,
    client,
    /** Registers a file and offers it; the dataset's id and the offer's. */
    publish: async (file, policy) => {
      const dataset = await post('/datasets', { title: 'Street trees', source: { kind: 'file', path: file } });
      const offer = await post('/offers', { datasetId: dataset.id, policy: { '@type': 'Set', ...policy } });
      return { datasetId: dataset.id, offerId: offer.id };
    },
    negotiationAbout: (datasetId) => about('negotiations', datasetId),
    transferAbout: (datasetId) => about('transfers', datasetId),
    /** A negotiation, or a transfer, when it is in a state. */
    reaches: (kind, id, state) => stateOf(() => get(`/${kind}/${encodeURIComponent(id)}`), state),
    act: (kind, id, what, body) => post(`${path`/${kind}/${id}`}/${what}`, body),
  };
}

/** EDC, led by its Management API. */
export async function startTheirs(classPath, settings = {}) {
  const quick = {
    'edc.negotiation.state-machine.iteration-wait-millis': 50,
    'edc.transfer.state-machine.iteration-wait-millis': 50,
  };
  const edc = await startEdc({ name: 'edc', classPath, settings: { ...quick, ...settings } });
  const { manage } = edc;
  const kinds = { negotiations: 'contractnegotiations', transfers: 'transferprocesses' };
  return {
    ...edc,
    /** The catalogue of somebody, and one dataset of it. */
    catalog: (node, querySpec) =>
      manage('POST', 'catalog/request', {
        '@type': 'CatalogRequest',
        counterPartyAddress: node.base,
        counterPartyId: node.did,
        protocol,
        ...(querySpec ? { querySpec } : {}),
      }),
    /** Asks for a contract: the offer's own rules are repeated as they are given. */
    request: async (node, { datasetId, offerId }, rules) => {
      const parties = { 'odrl:assigner': { '@id': node.did }, 'odrl:target': { '@id': datasetId } };
      const policy = { '@type': 'odrl:Offer', '@id': offerId, ...parties, ...rules };
      const asked = { counterPartyAddress: node.base, counterPartyId: node.did, protocol, policy };
      return (await manage('POST', kinds.negotiations, { '@type': 'ContractRequest', ...asked }))['@id'];
    },
    /** Asks for data under an agreement, to be pulled. */
    transfer: async (node, contractId) => {
      const asked = { counterPartyAddress: node.base, contractId, protocol, transferType: 'HttpData-PULL' };
      return (await manage('POST', kinds.transfers, { '@type': 'TransferRequest', ...asked }))['@id'];
    },
    reaches: (kind, id, state, waiting) =>
      stateOf(
        async () => {
          const process = await manage('GET', `${kinds[kind]}/${id}`);
          return tidied.has(process.state) && ended.has(state) ? { ...process, state } : process;
        },
        state,
        waiting,
      ),
    act: (kind, id, what, body = {}) => manage('POST', `${kinds[kind]}/${id}/${what}`, body),
    /** Ends a negotiation that waits. */
    end: async (id, reason) => {
      await manage('POST', `${kinds.negotiations}/${id}/terminate`, { '@id': id, ...reason });
      await manage('POST', `held/${id}/release`);
    },
    /** EDC's own view of a process that the other side began. */
    knownAs: async (kind, theirPid) => {
      const of = { operandLeft: 'correlationId', operator: '=', operandRight: theirPid };
      const found = await manage('POST', `${kinds[kind]}/request`, { '@type': 'QuerySpec', filterExpression: [of] });
      assert.equal(found.length, 1, `EDC knows ${found.length} processes of ${theirPid}`);
      return found[0]['@id'];
    },
    /** Where EDC pulls from, and with which token. */
    reference: async (id) => {
      const address = await manage('GET', `edrs/${id}/dataaddress`);
      const named = (name) => address[name] ?? address[`https://w3id.org/edc/v0.0.1/ns/${name}`];
      return { endpoint: named('endpoint'), token: named('authorization') };
    },
    /** Offers what is at an address under a policy. */
    publish: async (id, baseUrl, rules) => {
      await manage('POST', 'assets', {
        '@id': id,
        properties: { name: `Asset ${id}`, contenttype: 'text/csv' },
        dataAddress: { type: 'HttpData', baseUrl },
      });
      await manage('POST', 'policydefinitions', { '@id': id, policy: { '@type': 'odrl:Set', ...rules } });
      const assetsSelector = { operandLeft: 'https://w3id.org/edc/v0.0.1/ns/id', operator: '=', operandRight: id };
      await manage('POST', 'contractdefinitions', {
        '@id': id,
        accessPolicyId: 'open',
        contractPolicyId: id,
        assetsSelector,
      });
    },
    prepare: () =>
      manage('POST', 'policydefinitions', { '@id': 'open', policy: { '@type': 'odrl:Set', ...openRules } }),
  };
}

const use = { 'odrl:action': { '@id': 'odrl:use' } };
/** Everybody may use it, as EDC's Management API has it. */
export const openRules = { 'odrl:permission': [use] };

/** It may be used under constraints, each of left operand, operator and right operand. */
export const under = (...constraints) => ({
  'odrl:permission': [
    {
      ...use,
      'odrl:constraint': constraints.map(([leftOperand, operator, rightOperand]) => ({
        'odrl:leftOperand': { '@id': leftOperand },
        'odrl:operator': { '@id': `odrl:${operator}` },
        'odrl:rightOperand': rightOperand,
      })),
    },
  ],
});
