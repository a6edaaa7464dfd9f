// Eclipse EDC provides, our node consumes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { until } from '../../support/until.mjs';
import { openRules, under } from './parties.mjs';

/** An asset id that no other test has. */
let last = 0;
const newId = () => `asset-${++last}`;

/** Has EDC offer the data under a policy. */
async function publish({ edc, source }, rules = openRules) {
  const id = newId();
  await edc.publish(id, source, rules);
  return id;
}

const ask = ({ node, edc }, datasetId) => node.post('/negotiations', { counterparty: edc.did, datasetId });

/** Negotiates until both sides have an agreement. */
async function agree(parties, datasetId) {
  const { node, edc } = parties;
  const { id } = await ask(parties, datasetId);
  const { agreementId } = await node.reaches('negotiations', id, 'FINALIZED');
  await edc.reaches('negotiations', await edc.knownAs('negotiations', id), 'FINALIZED');
  return agreementId;
}

/** Negotiates, and opens a transfer: its ids at our node and at EDC. */
async function start(parties) {
  const { node, edc } = parties;
  const agreementId = await agree(parties, await publish(parties));
  const { id: ours } = await node.post('/transfers', { agreementId });
  await node.reaches('transfers', ours, 'STARTED');
  const theirs = await edc.knownAs('transfers', ours);
  await edc.reaches('transfers', theirs, 'STARTED');
  return { ours, theirs, agreementId };
}

const pull = async ({ node }, ours) => {
  const { path, bytes, rows } = await node.act('transfers', ours, 'pull', { format: 'csv' });
  return { text: readFileSync(path, 'utf8'), bytes, rows };
};

export const weConsume = [
  [
    "we read EDC's catalogue",
    async (parties) => {
      const { node, edc } = parties;
      const id = await publish(parties);
      const { datasets, broken } = await node.post('/catalog/request', { counterparty: edc.did, filter: {} });
      const listed = datasets.find((dataset) => dataset.id === id);
      assert.deepEqual(broken, []);
      assert.equal(listed.title, `Asset ${id}`);
      assert.ok(listed.formats.includes('HttpData-PULL'));
      assert.deepEqual(listed.offers[0].sentences, ['It may be used.']);
    },
  ],
  [
    'we agree, pull the data, suspend, EDC goes on, and we complete',
    async (parties) => {
      const { node, edc, file } = parties;
      const { ours, theirs, agreementId } = await start(parties);
      const { policy } = await node.get(`/agreements/${agreementId}`);
      assert.deepEqual([policy.assigner, policy.assignee], [edc.did, node.did]);
      const text = readFileSync(file, 'utf8');
      assert.deepEqual(await pull(parties, ours), { text, bytes: text.length, rows: text.split('\n').length - 2 });
      await node.act('transfers', ours, 'suspend', { reason: 'over night' });
      await edc.reaches('transfers', theirs, 'SUSPENDED');
      await node.reaches('transfers', ours, 'SUSPENDED');
      await edc.act('transfers', theirs, 'resume');
      await edc.reaches('transfers', theirs, 'STARTED');
      await node.reaches('transfers', ours, 'STARTED');
      assert.equal((await pull(parties, ours)).text, text);
      await node.act('transfers', ours, 'complete');
      await edc.reaches('transfers', theirs, 'COMPLETED');
      await node.reaches('transfers', ours, 'COMPLETED');
    },
  ],
  [
    'we suspend a transfer and go on, with the address that EDC then gives',
    async (parties) => {
      const { node, edc } = parties;
      const { ours, theirs } = await start(parties);
      await node.act('transfers', ours, 'suspend', { reason: 'over night' });
      await edc.reaches('transfers', theirs, 'SUSPENDED');
      await node.reaches('transfers', ours, 'SUSPENDED');
      await node.act('transfers', ours, 'resume');
      await edc.reaches('transfers', theirs, 'STARTED');
      await node.reaches('transfers', ours, 'STARTED');
      await until(
        () =>
          pull(parties, ours)
            .then(({ rows }) => rows > 0)
            .catch(() => false),
        { limit: 10_000, every: 100 },
      );
      await node.act('transfers', ours, 'complete');
      await edc.reaches('transfers', theirs, 'COMPLETED');
    },
  ],
  [
    'EDC suspends our transfer and goes on',
    async (parties) => {
      const { node, edc } = parties;
      const { ours, theirs } = await start(parties);
      await edc.act('transfers', theirs, 'suspend', { reason: 'maintenance' });
      const { suspension } = await node.reaches('transfers', ours, 'SUSPENDED');
      assert.deepEqual([suspension.by, suspension.reason], ['provider', ['maintenance']]);
      await edc.reaches('transfers', theirs, 'SUSPENDED');
      await edc.act('transfers', theirs, 'resume');
      await node.reaches('transfers', ours, 'STARTED');
      await edc.reaches('transfers', theirs, 'STARTED');
      assert.ok((await pull(parties, ours)).rows > 0);
    },
  ],
  [
    'EDC repeats our terms in its agreement, constraints among them',
    async (parties) => {
      const { node } = parties;
      const rules = under(['odrl:dateTime', 'lt', '2099-01-01T00:00:00Z']);
      const agreementId = await agree(parties, await publish(parties, rules));
      const { policy } = await node.get(`/agreements/${agreementId}`);
      const constraint = [{ leftOperand: 'odrl:dateTime', operator: 'lt', rightOperand: '2099-01-01T00:00:00Z' }];
      assert.deepEqual(policy.permission, [{ action: 'use', constraint }]);
    },
  ],
  [
    "EDC's policy denies us, and we learn it",
    async (parties) => {
      const { node } = parties;
      const id = await publish(parties, under(['https://w3id.org/edc/v0.0.1/ns/forbidden', 'eq', 'x']));
      const { id: ours } = await ask(parties, id);
      const { detail } = await node.reaches('negotiations', ours, 'REFUSED');
      assert.match(detail, /^the peer answered 4\d\d/);
    },
  ],
  [
    'EDC ends a negotiation that we have asked for',
    async (parties) => {
      const { node, edc } = parties;
      const id = await publish(parties);
      edc.hold(id);
      const { id: ours } = await ask(parties, id);
      await node.reaches('negotiations', ours, 'REQUESTED');
      const theirs = await edc.knownAs('negotiations', ours);
      await edc.end(theirs, { reason: 'no staff' });
      const { termination } = await node.reaches('negotiations', ours, 'TERMINATED');
      assert.deepEqual([termination.by, termination.reason], ['provider', ['no staff']]);
      await edc.reaches('negotiations', theirs, 'TERMINATED');
    },
  ],
  [
    'we end a negotiation that waits for EDC',
    async (parties) => {
      const { node, edc } = parties;
      const id = await publish(parties);
      edc.hold(id);
      const { id: ours } = await ask(parties, id);
      await node.reaches('negotiations', ours, 'REQUESTED');
      const theirs = await edc.knownAs('negotiations', ours);
      await node.act('negotiations', ours, 'terminate', { reason: 'found elsewhere' });
      await edc.reaches('negotiations', theirs, 'TERMINATED');
      await node.reaches('negotiations', ours, 'TERMINATED');
    },
  ],
  [
    'EDC ends our transfer, and the data cannot be had any more',
    async (parties) => {
      const { node, edc } = parties;
      const { ours, theirs } = await start(parties);
      await edc.act('transfers', theirs, 'terminate', { reason: 'the source is closed' });
      const { termination } = await node.reaches('transfers', ours, 'TERMINATED');
      assert.deepEqual([termination.by, termination.reason], ['provider', ['the source is closed']]);
      await assert.rejects(pull(parties, ours), /was terminated by the provider: the source is closed/);
    },
  ],
  [
    'we end a transfer',
    async (parties) => {
      const { node, edc } = parties;
      const { ours, theirs } = await start(parties);
      await node.act('transfers', ours, 'terminate', { reason: 'not needed any more' });
      await edc.reaches('transfers', theirs, 'TERMINATED');
      await node.reaches('transfers', ours, 'TERMINATED');
    },
  ],
];
