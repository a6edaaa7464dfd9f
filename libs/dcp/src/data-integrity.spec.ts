import { type Did, type JsonObject, must } from '@hansa/kernel';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { credentialsV2 } from './credential.js';
import {
  countersignWithDataIntegrity,
  createStatusList,
  type DataIntegrityCheck,
  hansaContext,
  hansaContextUrl,
  issueStatusList,
  signWithDataIntegrity,
  statusMember,
  verifyDataIntegrity,
  withStatus,
} from './index.js';
import { type Participant, ParticipantWorld } from './testing/index.js';

const now = new Date('2026-11-23T12:00:00Z');
let world: ParticipantWorld;
let auditor: Participant;
let mallory: Participant;
let signed: JsonObject;

const subject = {
  id: 'urn:hansa:model:1',
  type: 'AuditReport',
  modelName: 'step-free access',
  modelDigest: `sha-256:${'a'.repeat(64)}`,
  datasetDigest: `sha-256:${'b'.repeat(64)}`,
  planDigest: `sha-256:${'c'.repeat(64)}`,
  reportDigest: `sha-256:${'d'.repeat(64)}`,
  reportUrl: 'https://berlin.example/audits/1',
  auditedAt: '2026-11-23T11:00:00Z',
  verdict: 'pass',
  finding: [
    { type: 'AuditFinding', metric: 'demographic parity ratio', attribute: 'state', value: 0.91, outcome: 'met' },
    { type: 'AuditFinding', metric: 'equal opportunity difference', attribute: 'state', value: 0.07, outcome: 'met' },
  ],
};
const report = (issuer: Did = 'did:web:berlin.example', changes: JsonObject = {}): JsonObject => ({
  '@context': [credentialsV2, hansaContextUrl],
  id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
  type: ['VerifiableCredential', 'AiAuditReportCredential'],
  issuer,
  validFrom: '2026-11-23T11:00:00Z',
  validUntil: '2027-05-22T11:00:00Z',
  credentialSubject: subject,
  ...changes,
});
const sign = (credential: JsonObject, by = auditor) =>
  signWithDataIntegrity(credential, { signer: by.signers.report, now });
const verify = (credential: unknown, changes: Partial<DataIntegrityCheck> = {}) =>
  verifyDataIntegrity(credential, { resolveDid: world.resolveDid, now, ...changes });

beforeAll(async () => {
  world = new ParticipantWorld(now);
  auditor = await world.join('did:web:berlin.example');
  mallory = await world.join('did:web:mallory.example');
  signed = must(await sign(report()));
});

describe('a counter-signed audit report', () => {
  let city: Participant;
  let both: JsonObject;
  const proofs = () => both.proof as JsonObject[];
  beforeAll(async () => {
    city = await world.join('did:web:hamburg.example');
    both = must(await countersignWithDataIntegrity(signed, { signer: city.signers.report, now }));
  });

  test('says who signed and who counter-signed, and the proof of the issuer is the one that it was', async () => {
    expect(proofs()[0]).toEqual(signed.proof);
    expect(must(await verify(both, { expectedIssuer: auditor.did }))).toMatchObject({
      issuer: auditor.did,
      verificationMethod: auditor.keys.report.id,
      counterSignatures: [{ signer: city.did, verificationMethod: city.keys.report.id }],
    });
    expect(must(await verify(signed))).not.toHaveProperty('counterSignatures');
  });

  test('counts whatever the order of its proofs, and without the further one', async () => {
    const turned = must(await verify({ ...both, proof: [...proofs()].reverse() }));
    expect([turned.issuer, turned.counterSignatures?.[0]?.signer]).toEqual([auditor.did, city.did]);
    expect((await verify({ ...both, proof: proofs().slice(0, 1) })).ok).toBe(true);
  });

  test.each<[string, () => JsonObject, string]>([
    [
      'another verdict',
      () => ({ ...both, credentialSubject: { ...subject, verdict: 'fail' } }),
      'data-integrity.proof-invalid',
    ],
    ['the further proof alone', () => ({ ...both, proof: proofs().slice(1) }), 'data-integrity.proof-invalid'],
    [
      'a further proof that was changed',
      () => ({ ...both, proof: [proofs()[0] ?? {}, { ...proofs()[1], created: '2026-11-23T11:00:00Z' }] }),
      'data-integrity.proof-invalid',
    ],
    [
      'a further proof under the name of a third',
      () => ({ ...both, proof: [proofs()[0] ?? {}, { ...proofs()[1], verificationMethod: mallory.keys.report.id }] }),
      'data-integrity.proof-invalid',
    ],
    [
      'a further proof of no DID',
      () => ({ ...both, proof: [proofs()[0] ?? {}, { ...proofs()[1], verificationMethod: 'https://a.example/#k' }] }),
      'data-integrity.proof-invalid',
    ],
    [
      'a further proof twice',
      () => ({ ...both, proof: [...proofs(), ...proofs().slice(1)] }),
      'data-integrity.unsupported',
    ],
    [
      'a further proof for another purpose',
      () => ({ ...both, proof: [proofs()[0] ?? {}, { ...proofs()[1], proofPurpose: 'authentication' }] }),
      'data-integrity.proof-invalid',
    ],
    [
      'a further proof of another key of the same party',
      () => ({ ...both, proof: [proofs()[0] ?? {}, { ...proofs()[1], verificationMethod: city.keys.credential.id }] }),
      'key.unusable',
    ],
  ])('with %s is refused', async (_name, document, kind) => {
    expect(await verify(document())).toMatchObject({ ok: false, problem: { kind } });
  });

  test('whoever relies on the issuer alone asks nobody else', async () => {
    world.resolutions.length = 0;
    expect((await verify(both, { issuerOnly: true })).ok).toBe(true);
    expect(world.resolutions.map(({ did }) => did)).toEqual([auditor.did]);
  });

  test('nobody signs twice, and nobody counter-signs what its issuer has not signed', async () => {
    const again = (document: JsonObject, by: Participant) =>
      countersignWithDataIntegrity(document, { signer: by.signers.report, now });
    for (const [document, by] of [
      [both, city],
      [both, auditor],
      [report(), city],
    ] as const)
      expect(await again(document, by)).toMatchObject({ problem: { kind: 'data-integrity.unsignable' } });
    const third = must(await again(both, mallory));
    expect(must(await verify(third)).counterSignatures).toHaveLength(2);
  });
});

describe('a signed audit report', () => {
  test('verifies, and stays the readable document that it was', async () => {
    const { proof, ...rest } = signed;
    expect(rest).toEqual(report());
    expect(proof).toMatchObject({
      type: 'DataIntegrityProof',
      cryptosuite: 'eddsa-rdfc-2022',
      created: '2026-11-23T12:00:00Z',
      proofPurpose: 'assertionMethod',
      verificationMethod: auditor.keys.report.id,
    });
    expect(must(await verify(JSON.parse(JSON.stringify(signed)), { expectedIssuer: auditor.did }))).toEqual({
      issuer: auditor.did,
      verificationMethod: auditor.keys.report.id,
      type: ['VerifiableCredential', 'AiAuditReportCredential'],
      credential: signed,
    });
  });

  test('asks for the document of the issuer and for nothing else', async () => {
    world.resolutions.length = 0;
    await verify(signed);
    expect(world.resolutions).toEqual([{ did: auditor.did, refresh: false }]);
  });

  test('does not change the object that it was made from', async () => {
    const credential = report();
    await sign(credential);
    expect(credential).toEqual(report());
  });

  const tampered = (changes: JsonObject): JsonObject => ({ ...signed, credentialSubject: { ...subject, ...changes } });
  test.each<[string, () => JsonObject, string]>([
    ['another verdict', () => tampered({ verdict: 'fail' }), 'data-integrity.proof-invalid'],
    ['another model', () => tampered({ modelDigest: `sha-256:${'0'.repeat(64)}` }), 'data-integrity.proof-invalid'],
    ['a finding removed', () => tampered({ finding: subject.finding.slice(1) }), 'data-integrity.proof-invalid'],
    ['a term added', () => tampered({ intendedUse: 'everything' }), 'data-integrity.proof-invalid'],
    ['a word of no context added', () => tampered({ comment: 'all fine' }), 'data-integrity.proof-invalid'],
    ['a longer life', () => ({ ...signed, validUntil: '2099-01-01T00:00:00Z' }), 'data-integrity.proof-invalid'],
    [
      'another id',
      () => ({ ...signed, id: 'urn:uuid:00000000-0000-0000-0000-000000000000' }),
      'data-integrity.proof-invalid',
    ],
    [
      'another type',
      () => ({ ...signed, type: ['VerifiableCredential', 'AuditReport'] }),
      'data-integrity.proof-invalid',
    ],
    ['another issuer', () => ({ ...signed, issuer: mallory.did }), 'data-integrity.proof-invalid'],
    ['no proof', () => report(), 'data-integrity.unsupported'],
    [
      'two proofs',
      () => ({ ...signed, proof: [signed.proof ?? {}, signed.proof ?? {}] }),
      'data-integrity.unsupported',
    ],
    [
      'another suite',
      () => ({ ...signed, proof: { ...(signed.proof as object), cryptosuite: 'eddsa-jcs-2022' } }),
      'data-integrity.unsupported',
    ],
    [
      'another purpose',
      () => ({ ...signed, proof: { ...(signed.proof as object), proofPurpose: 'authentication' } }),
      'data-integrity.proof-invalid',
    ],
    [
      'another proof date',
      () => ({ ...signed, proof: { ...(signed.proof as object), created: '2026-11-23T11:59:59Z' } }),
      'data-integrity.proof-invalid',
    ],
    [
      'a made-up proof value',
      () => ({
        ...signed,
        proof: { ...(signed.proof as object), proofValue: 'z3u2en7t5LR2WtQH5PfFqMqwVHgeXouLzo6haApm8XHqvjxq' },
      }),
      'data-integrity.proof-invalid',
    ],
    [
      'an unknown context',
      () => ({ ...signed, '@context': [credentialsV2, hansaContextUrl, 'https://evil.example/v1'] }),
      'data-integrity.context-unknown',
    ],
    [
      'an inline context',
      () => ({ ...signed, '@context': [credentialsV2, hansaContextUrl, { verdict: 'https://evil.example#v' }] }),
      'data-integrity.context-unknown',
    ],
    [
      'a context inside',
      () => tampered({ '@context': { verdict: 'https://evil.example#v' } }),
      'data-integrity.malformed',
    ],
    ['a value in disguise', () => tampered({ verdict: { '@value': 'pass' } }), 'data-integrity.malformed'],
    ['a hidden graph', () => tampered({ '@graph': [] }), 'data-integrity.malformed'],
    ['a null that RDF would drop', () => tampered({ intendedUse: null }), 'data-integrity.malformed'],
    ['an empty list that RDF would drop', () => tampered({ auditEvidence: [] }), 'data-integrity.malformed'],
    ['our context missing', () => ({ ...signed, '@context': [credentialsV2] }), 'data-integrity.proof-invalid'],
    [
      'contexts in another order',
      () => ({ ...signed, '@context': [hansaContextUrl, credentialsV2] }),
      'data-integrity.context-unknown',
    ],
    ['a broken date', () => ({ ...signed, validUntil: 'never' }), 'data-integrity.malformed'],
  ])('with %s is refused', async (_name, document, kind) => {
    expect(await verify(document())).toMatchObject({ ok: false, problem: { kind } });
  });

  test.each([null, 7, 'text', [], {}])('%j is no signed credential', async (value) => {
    expect((await verify(value)).ok).toBe(false);
  });

  test('no changed text goes unnoticed, wherever it stands', async () => {
    const text = JSON.stringify(signed);
    const places = [...text.matchAll(/[a-z0-9](?=[a-z0-9:#.-]*"[,}\]])/g)].map((match) => match.index);
    let changed = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), async (at) => {
        const letter = text[at] === '1' ? '2' : '1';
        expect((await verify(JSON.parse(`${text.slice(0, at)}${letter}${text.slice(at + 1)}`))).ok).toBe(false);
        changed++;
      }),
      { numRuns: 60 },
    );
    expect(changed).toBe(60);
  });

  test('signed by Mallory in the name of the auditor is refused', async () => {
    expect(await sign(report(auditor.did), mallory)).toMatchObject({ problem: { kind: 'data-integrity.unsignable' } });
    const own = must(await sign(report(mallory.did), mallory));
    expect((await verify(own)).ok).toBe(true);
    expect(await verify(own, { expectedIssuer: auditor.did })).toMatchObject({
      problem: { kind: 'credential.issuer-mismatch' },
    });
    expect(await verify({ ...own, issuer: auditor.did })).toMatchObject({
      problem: { kind: 'data-integrity.proof-invalid' },
    });
    const renamed = {
      ...own,
      issuer: auditor.did,
      proof: { ...(own.proof as object), verificationMethod: auditor.keys.report.id },
    };
    expect(await verify(renamed)).toMatchObject({ problem: { kind: 'data-integrity.proof-invalid' } });
  });

  test('by a key that is no Multikey, or not listed for assertions, is refused', async () => {
    const byCredentialKey = must(await signWithDataIntegrity(report(), { signer: auditor.signers.credential, now }));
    expect(await verify(byCredentialKey)).toMatchObject({ problem: { kind: 'key.unusable' } });
    const methods = auditor.document.methods.map((method) => ({
      ...method,
      ...(method.publicKeyMultibase && { publicKeyMultibase: method.publicKeyMultibase.replace('z6Mk', 'z6LS') }),
    }));
    const otherCurve = async () => ({ ok: true, value: { ...auditor.document, methods } }) as const;
    expect(await verify(signed, { resolveDid: otherCurve })).toMatchObject({ problem: { kind: 'key.unusable' } });
    const document = { ...auditor.document, relationships: { ...auditor.document.relationships, assertionMethod: [] } };
    const resolveDid = async () => ({ ok: true, value: document }) as const;
    expect(await verify(signed, { resolveDid })).toMatchObject({ problem: { kind: 'key.wrong-relationship' } });
  });

  test('is valid from thirty seconds before its start to thirty seconds after its end', async () => {
    const at = (time: string) => verify(signed, { now: new Date(time) });
    expect(await at('2026-11-23T11:59:31Z')).toMatchObject({ ok: true });
    expect(await at('2026-11-23T11:59:29Z')).toMatchObject({ problem: { kind: 'credential.not-yet-valid' } });
    expect(await at('2027-05-22T11:00:29Z')).toMatchObject({ ok: true });
    expect(await at('2027-05-22T11:00:31Z')).toMatchObject({ problem: { kind: 'credential.expired' } });
  });

  test('with a status is checked against the list, and refused where no list can be had', async () => {
    const url = 'https://berlin.example/status/1';
    const entry = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: 3,
      statusListCredential: url,
    } as const;
    const withList = must(await sign(report(auditor.did, { credentialStatus: statusMember(entry) })));
    const { fetchStatusList } = world;
    const list = { signer: auditor.signers.credential, issuer: auditor.did, url, purpose: 'revocation' } as const;
    const dates = { validFrom: now, validUntil: new Date(now.getTime() + 900_000) };
    expect(await verify(withList)).toMatchObject({ problem: { kind: 'status.unavailable' } });
    world.statusLists.set(url, await issueStatusList({ ...list, ...dates, bits: createStatusList() }));
    expect(await verify(withList, { fetchStatusList })).toMatchObject({ ok: true });
    world.statusLists.set(
      url,
      await issueStatusList({ ...list, ...dates, bits: withStatus(createStatusList(), 3, true) }),
    );
    expect(await verify(withList, { fetchStatusList })).toMatchObject({ problem: { kind: 'status.revoked' } });
  });

  test('is found again after the key was rotated, if the document is fetched anew', async () => {
    const empty = { ...auditor.document, methods: [] };
    const resolveDid = async (_did: Did, { refresh }: { refresh: boolean }) =>
      ({ ok: true, value: refresh ? auditor.document : empty }) as const;
    expect((await verify(signed, { resolveDid })).ok).toBe(true);
  });
});

describe('signWithDataIntegrity', () => {
  test.each<[string, JsonObject, string]>([
    [
      'words of no context',
      report(auditorDid(), { credentialSubject: { ...subject, remark: 'x' } }),
      'data-integrity.unsignable',
    ],
    [
      'an unknown context',
      report(auditorDid(), { '@context': [credentialsV2, 'https://example.org/v1'] }),
      'data-integrity.context-unknown',
    ],
    ['an issuer that does not own the key', report('did:web:mallory.example'), 'data-integrity.unsignable'],
    ['a document that is signed already', { ...report(), proof: {} }, 'data-integrity.unsignable'],
    [
      'a document of 30,000 values',
      report(auditorDid(), { credentialSubject: { ...subject, finding: Array(30_000).fill('x') } }),
      'data-integrity.malformed',
    ],
  ])('refuses %s', async (_name, credential, kind) => {
    expect(await sign(credential)).toMatchObject({ ok: false, problem: { kind } });
  });

  function auditorDid(): Did {
    return 'did:web:berlin.example';
  }
});

describe('our context', () => {
  test('defines every term with a full IRI of our namespace, and protects all', () => {
    const { '@version': version, '@protected': isProtected, ...terms } = hansaContext['@context'] as JsonObject;
    expect([version, isProtected]).toEqual([1.1, true]);
    for (const [term, definition] of Object.entries(terms)) {
      const iri = typeof definition === 'string' ? definition : (definition as JsonObject)['@id'];
      expect(iri).toBe(`https://w3id.org/hansa/v1#${term}`);
    }
  });
});
