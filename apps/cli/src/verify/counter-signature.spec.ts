import { countersignWithDataIntegrity, hansaContextUrl, signWithDataIntegrity, statusMember } from '@hansa/dcp';
import { ParticipantWorld } from '@hansa/dcp/testing';
import { digestOfJson, type JsonObject, must } from '@hansa/kernel';
import { afterAll, expect, test } from '@jest/globals';
import { run, scratch, smallReport } from '../testing/index.js';

const folder = scratch();
afterAll(() => folder.remove());

test('a counter-signed credential says who signed, and needs the document of each signer', async () => {
  const now = new Date();
  const world = new ParticipantWorld(now);
  const berlin = await world.join('did:web:berlin.example');
  const hamburg = await world.join('did:web:hamburg.example');
  const report = smallReport();
  const credential: JsonObject = {
    '@context': ['https://www.w3.org/ns/credentials/v2', hansaContextUrl],
    id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
    type: ['VerifiableCredential', 'AiAuditReportCredential'],
    issuer: berlin.did,
    validFrom: new Date(now.getTime() - 1000).toISOString(),
    credentialSubject: { id: 'urn:audit:1', type: 'AuditReport', reportDigest: digestOfJson(report) },
    credentialStatus: statusMember({
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: 3,
      statusListCredential: 'https://berlin.example/audits/status-lists/1',
    }),
  };
  const once = must(await signWithDataIntegrity(credential, { signer: berlin.signers.report, now }));
  const both = must(await countersignWithDataIntegrity(once, { signer: hamburg.signers.report, now }));
  const [first, second] = both.proof as JsonObject[];
  folder.file('berlin.json', berlin.published);
  folder.file('hamburg.json', hamburg.published);
  folder.file('report.json', report);
  folder.file('both.json', both);
  folder.file('forged.json', { ...both, proof: [first, { ...second, created: now.toISOString() }] });
  const verify = (file: string, ...documents: readonly string[]) =>
    run(
      ['verify', file, 'report.json', '--offline', ...documents.flatMap((document) => ['--did-document', document])],
      { directory: folder.path },
    );
  const { code, out } = await verify('both.json', 'berlin.json', 'hamburg.json');
  expect(out).toContain(`Signed by ${berlin.did}`);
  expect(out).toContain(`Counter-signed by ${hamburg.did} with its key ${hamburg.keys.report.id}.`);
  expect(out).toContain('Offline: whether it was revoked was not checked.');
  expect(code).toBe(0);
  const missing = await verify('both.json', 'berlin.json');
  expect([missing.code, missing.out]).toEqual([1, expect.stringContaining(`${hamburg.did} could not be resolved`)]);
  expect((await verify('forged.json', 'berlin.json', 'hamburg.json')).code).toBe(1);
});
