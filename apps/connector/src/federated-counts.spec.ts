import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditPlan, auditCounts, countJoint, planDefaults } from '@hansa/fair';
import { digestOf, type JsonObject, must, ok } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readAnswer } from './federation/read-answer.js';
import { signCounts } from './governance/counts/counts-credential.js';
import { type AskedCity, definitionsOf } from './governance/index.js';
import { didOf, loadKeys, NodeIdentity } from './identity/index.js';

const now = new Date('2026-11-23T12:00:00Z');
const plan: AuditPlan = {
  outcome: { name: 'is inspected', positive: 'inspected', polarity: 'burden' },
  attributes: ['sex'],
  metrics: [{ metric: 'demographicParityDifference', margin: 0.2, reason: 'Set by the council.' }],
  ...planDefaults,
};

describe('what a city answers', () => {
  let directory: string;
  let ghent: NodeIdentity;
  let bruges: NodeIdentity;
  let city: AskedCity;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'hansa-answer-'));
    const identity = async (name: string) => {
      const url = `https://${name}.example`;
      return new NodeIdentity(url, await loadKeys(join(directory, name), didOf(url)), []);
    };
    [ghent, bruges] = [await identity('ghent'), await identity('bruges')];
    const counting = { label: { column: 'y' }, decision: { column: 'd', positive: ['High'] }, where: [] };
    city = { ...counting, counterparty: ghent.did, agreementId: 'urn:uuid:1', datasetId: 'urn:uuid:2' };
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  function countsOf(
    identity: NodeIdentity,
    changes: { readonly plan?: AuditPlan; readonly where?: JsonObject[] } = {},
  ) {
    const joint = countJoint({
      label: Uint8Array.of(0, 1, 1),
      decision: Uint8Array.of(0, 1, 0),
      attributes: [{ attribute: 'sex', levels: ['f', 'm'], codes: Uint16Array.of(0, 1, 1) }],
    });
    return must(
      auditCounts({
        countedBy: identity.did,
        plan: changes.plan ?? plan,
        data: { digest: digestOf('rows'), rows: 3, where: changes.where ?? [] },
        definitions: definitionsOf(city, plan),
        joint: must(joint),
        software: { name: 'hansa', version: '1' },
      }),
    );
  }

  async function answer(identity: NodeIdentity, counts = countsOf(identity), agreementId = city.agreementId) {
    const credential = await signCounts(identity, { id: 'urn:uuid:3', counts, agreementId, now });
    return { counts, credential } as unknown as JsonObject & { readonly credential: JsonObject };
  }

  const read = (body: JsonObject) =>
    readAnswer(
      body,
      { city, plan },
      { now, resolveDid: async (did) => ok(did === ghent.did ? ghent.document : bruges.document) },
    );

  test('is taken when the provider of the agreement has signed it for this request', async () => {
    expect(must(await read(await answer(ghent))).document.data.rows).toBe(3);
  });

  test('is refused when another table stands under the signature', async () => {
    const { counts, credential } = await answer(ghent);
    const cells = [
      [0, 0, 1, 1],
      [1, 0, 0, 0],
    ];
    const forged = { ...(counts as JsonObject), counts: { ...(counts as { counts: JsonObject }).counts, cells } };
    expect(await read({ counts: forged, credential })).toMatchObject({ problem: { kind: 'counts.not-signed' } });
  });

  test('is refused with a signature that was changed, or that is not there', async () => {
    const { counts, credential } = await answer(ghent);
    const subject = credential.credentialSubject as JsonObject;
    const rows = { ...credential, credentialSubject: { ...subject, underAgreement: 'urn:uuid:9' } };
    for (const forged of [rows, null, {}])
      expect(await read({ counts: counts as JsonObject, credential: forged })).toMatchObject({
        problem: { kind: 'counts.not-signed' },
      });
  });

  test('is refused when another city has signed, for itself or in the name of the first', async () => {
    for (const counts of [countsOf(bruges), countsOf(ghent)])
      expect(await read(await answer(bruges, counts))).toMatchObject({ problem: { kind: 'counts.not-signed' } });
    expect(await read(await answer(ghent, countsOf(bruges)))).toMatchObject({
      problem: { kind: 'counts.other-request', detail: expect.stringContaining('the city differs') },
    });
  });

  test('is refused when it belongs to another agreement, plan, or choice of rows', async () => {
    expect(await read(await answer(ghent, countsOf(ghent), 'urn:uuid:8'))).toMatchObject({
      problem: { kind: 'counts.not-signed', at: 'underAgreement' },
    });
    const narrower = { ...plan, level: 0.9 };
    const where = [{ column: 'sex', operator: 'eq', value: 'f' }];
    for (const [changes, what] of [
      [{ plan: narrower }, 'plan'],
      [{ where }, 'conditions'],
    ] as const)
      expect(await read(await answer(ghent, countsOf(ghent, changes as never)))).toMatchObject({
        problem: { kind: 'counts.other-request', detail: expect.stringContaining(`the ${what} differs`) },
      });
  });
});
