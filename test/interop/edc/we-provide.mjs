// Our node provides, Eclipse EDC consumes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { until } from '../../support/until.mjs';
import { openRules, under } from './parties.mjs';

const open = { permission: [{ action: 'use' }] };
const limited = (rightOperand) => ({
  permission: [{ action: 'use', constraint: [{ leftOperand: 'odrl:dateTime', operator: 'lt', rightOperand }] }],
});
const purpose = (operator, rightOperand) => ({
  permission: [{ action: 'use', constraint: [{ leftOperand: 'odrl:purpose', operator, rightOperand }] }],
});

/** Negotiates until both sides have an agreement. */
async function agree({ node, edc }, published, rules = openRules) {
  const id = await edc.request(node, published, rules);
  const { contractAgreementId } = await edc.reaches('negotiations', id, 'FINALIZED');
  const { id: ours } = await node.negotiationAbout(published.datasetId);
  const { agreementId } = await node.reaches('negotiations', ours, 'FINALIZED');
  return { contractAgreementId, agreementId };
}

/** Negotiates, and opens a transfer: its ids at EDC and at our node. */
async function start(parties, published) {
  const { node, edc } = parties;
  const { contractAgreementId, agreementId } = await agree(parties, published);
  const theirs = await edc.transfer(node, contractAgreementId);
  await edc.reaches('transfers', theirs, 'STARTED');
  const { id: ours } = await node.transferAbout(published.datasetId);
  await node.reaches('transfers', ours, 'STARTED');
  return { theirs, ours, agreementId };
}

/** Asks for the data as EDC was told to. */
async function fetched({ edc }, theirs) {
  const { endpoint, token } = await edc.reference(theirs);
  const answer = await fetch(endpoint, { headers: { authorization: `Bearer ${token}`, accept: 'text/csv' } });
  return { status: answer.status, text: await answer.text() };
}

export const weProvide = [
  [
    'EDC reads our catalogue',
    async ({ node, edc, file }) => {
      const { datasetId, offerId } = await node.publish(file, open);
      const { dataset, participantId } = await edc.catalog(node);
      const listed = [dataset].flat().find((one) => one['@id'] === datasetId);
      assert.equal(participantId, node.did);
      assert.equal([listed.hasPolicy].flat()[0]['@id'], offerId);
      assert.equal(listed['dct:title'], 'Street trees');
      assert.equal([listed.distribution].flat()[0].format, 'HttpData-PULL');
    },
  ],
  [
    'EDC asks our catalogue for one dataset by its id',
    async ({ node, edc, file }) => {
      const { datasetId } = await node.publish(file, open);
      const filterExpression = [{ operandLeft: 'id', operator: '=', operandRight: datasetId }];
      const { dataset } = await edc.catalog(node, { filterExpression });
      assert.deepEqual(
        [dataset].flat().map((one) => one['@id']),
        [datasetId],
      );
    },
  ],
  [
    'EDC agrees, pulls the data, suspends, and we go on and complete',
    async (parties) => {
      const { node, edc, file } = parties;
      const { theirs, ours, agreementId } = await start(parties, await node.publish(file, open));
      const agreement = await node.get(`/agreements/${agreementId}`);
      assert.deepEqual([agreement.policy.assigner, agreement.policy.assignee], [node.did, edc.did]);
      assert.deepEqual(await fetched(parties, theirs), { status: 200, text: readFileSync(file, 'utf8') });
      await edc.act('transfers', theirs, 'suspend', { reason: 'over night' });
      const { suspension } = await node.reaches('transfers', ours, 'SUSPENDED');
      assert.deepEqual([suspension.by, suspension.reason], ['consumer', ['over night']]);
      await edc.reaches('transfers', theirs, 'SUSPENDED');
      await node.act('transfers', ours, 'resume');
      await edc.reaches('transfers', theirs, 'STARTED');
      assert.equal((await fetched(parties, theirs)).status, 200);
      await node.act('transfers', ours, 'complete');
      await edc.reaches('transfers', theirs, 'COMPLETED');
      await node.reaches('transfers', ours, 'COMPLETED');
    },
  ],
  [
    'we suspend a transfer of EDC: its token is dead, and it gets another when we go on',
    async (parties) => {
      const { node, edc, file } = parties;
      const { theirs, ours } = await start(parties, await node.publish(file, open));
      const { endpoint, token } = await edc.reference(theirs);
      await node.act('transfers', ours, 'suspend', { reason: 'maintenance' });
      await edc.reaches('transfers', theirs, 'SUSPENDED');
      assert.equal((await fetch(endpoint, { headers: { authorization: `Bearer ${token}` } })).status, 403);
      await node.act('transfers', ours, 'resume');
      await edc.reaches('transfers', theirs, 'STARTED');
      await until(async () => (await edc.reference(theirs)).token !== token, { what: () => 'EDC keeps its old token' });
      assert.equal((await fetched(parties, theirs)).status, 200);
    },
  ],
  [
    'EDC declares the purpose that our policy asks for',
    async (parties) => {
      const { node, file } = parties;
      const [broad, narrow] = ['PublicBenefit', 'ImproveTransportMobility'].map(
        (term) => `https://w3id.org/dpv#${term}`,
      );
      const published = await node.publish(file, purpose('isA', broad));
      const declared = under(['odrl:purpose', 'isA', broad], ['odrl:purpose', 'eq', narrow]);
      const { agreementId } = await agree(parties, published, declared);
      const agreement = await node.get(`/agreements/${agreementId}`);
      assert.equal(agreement.purpose, narrow);
    },
  ],
  [
    'our policy denies EDC',
    async ({ node, edc, file }) => {
      const published = await node.publish(file, limited('2020-01-01T00:00:00Z'));
      const id = await edc.request(node, published, under(['odrl:dateTime', 'lt', '2020-01-01T00:00:00Z']));
      await edc.reaches('negotiations', id, 'TERMINATED');
      const { id: ours } = await node.negotiationAbout(published.datasetId);
      const { termination } = await node.reaches('negotiations', ours, 'TERMINATED');
      assert.deepEqual([termination.by, termination.code], ['provider', 'policy.denied']);
      assert.match(termination.reason[0], /2020-01-01/);
    },
  ],
  [
    'EDC asks for other terms than we offer and is refused',
    async ({ node, edc, file }) => {
      const published = await node.publish(file, limited('2099-01-01T00:00:00Z'));
      const id = await edc.request(node, published, openRules);
      const { errorDetail } = await edc.reaches('negotiations', id, 'TERMINATED');
      assert.match(errorDetail, /policy\.offer-changed/);
    },
  ],
  [
    'EDC ends a negotiation in which we have agreed',
    async ({ node, edc, file }) => {
      const published = await node.publish(file, open);
      edc.hold(published.datasetId);
      const id = await edc.request(node, published, openRules);
      await edc.reaches('negotiations', id, 'AGREED');
      const { id: ours } = await node.negotiationAbout(published.datasetId);
      await node.reaches('negotiations', ours, 'AGREED');
      await edc.end(id, { reason: 'the council has changed its mind' });
      const { termination } = await node.reaches('negotiations', ours, 'TERMINATED');
      assert.deepEqual([termination.by, termination.reason], ['consumer', ['the council has changed its mind']]);
      await edc.reaches('negotiations', id, 'TERMINATED');
    },
  ],
  [
    'EDC ends a transfer, and its token is dead',
    async (parties) => {
      const { node, edc, file } = parties;
      const { theirs, ours } = await start(parties, await node.publish(file, open));
      const { endpoint, token } = await edc.reference(theirs);
      await edc.act('transfers', theirs, 'terminate', { reason: 'not needed any more' });
      const { termination } = await node.reaches('transfers', ours, 'TERMINATED');
      assert.deepEqual([termination.by, termination.reason], ['consumer', ['not needed any more']]);
      await edc.reaches('transfers', theirs, 'TERMINATED');
      assert.equal((await fetch(endpoint, { headers: { authorization: `Bearer ${token}` } })).status, 403);
    },
  ],
  [
    'we end an agreement, and the transfer of EDC with it',
    async (parties) => {
      const { node, edc, file } = parties;
      const { theirs, agreementId } = await start(parties, await node.publish(file, open));
      await node.act('agreements', agreementId, 'terminate', { reason: 'the data set is withdrawn' });
      await edc.reaches('transfers', theirs, 'TERMINATED');
    },
  ],
  [
    'who sends no mock identity is nobody',
    async ({ node }) => {
      const clientId = 'did:web:city.example';
      const headers = [{}, { authorization: 'Bearer x' }, { authorization: JSON.stringify({ clientId }) }];
      const ask = (sent) => fetch(`${node.base}/catalog/datasets/x`, { headers: sent });
      const answers = await Promise.all(headers.map(ask));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [401, 401, 401],
      );
    },
  ],
];
