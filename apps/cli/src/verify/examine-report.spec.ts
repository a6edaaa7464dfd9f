import { hansaContextUrl, signWithDataIntegrity } from '@hansa/dcp';
import { type Participant, ParticipantWorld } from '@hansa/dcp/testing';
import { digestOfJson, type JsonObject, must } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run, scratch, smallReport } from '../testing/index.js';

const folder = scratch();
const now = new Date();
const report = smallReport();
let berlin: Participant;

async function signed(credentialSubject: JsonObject): Promise<JsonObject> {
  const credential = {
    '@context': ['https://www.w3.org/ns/credentials/v2', hansaContextUrl],
    id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
    type: ['VerifiableCredential', 'AiAuditReportCredential'],
    issuer: berlin.did,
    validFrom: new Date(now.getTime() - 1000).toISOString(),
    credentialSubject,
  };
  return must(await signWithDataIntegrity(credential, { signer: berlin.signers.report, now }));
}

beforeAll(async () => {
  berlin = await new ParticipantWorld(now).join('did:web:berlin.example');
  folder.file('did.json', berlin.published);
});
afterAll(() => folder.remove());

describe('a report that its issuer has signed', () => {
  /** Signed by the issuer itself over a report that holds together no longer. */
  async function signedOver(name: string, changed: object, claims: JsonObject = {}) {
    const document = JSON.parse(JSON.stringify({ ...report, ...changed })) as JsonObject;
    const subject = { id: 'urn:model:1', type: 'AuditReport', ...claims, reportDigest: digestOfJson(document) };
    folder.file(`${name}.json`, document);
    folder.file(`${name}-credential.json`, await signed(subject));
    const files = [`${name}-credential.json`, `${name}.json`];
    return run(['verify', ...files, '--offline', '--did-document', 'did.json'], { directory: folder.path });
  }

  test('is not valid where its figures do not follow from its counts, whoever signed them', async () => {
    const { code, out } = await signedOver('fail', { verdict: { ...report.verdict, outcome: 'fail' } });
    expect(out).toContain('fail-credential.json (signed credential): valid');
    expect(out).toContain('fail-credential.json was signed over exactly this report');
    expect(out).toContain('Figures do not follow from its counts. /verdict/outcome: "fail", and must be "pass".');
    expect(code).toBe(1);
    const again = await run(['audit', 'verify', 'fail.json'], { directory: folder.path });
    expect([again.code, again.out]).toEqual([
      1,
      expect.stringContaining('/verdict/outcome: "fail", and must be "pass"'),
    ]);
  });

  test('is not valid where the credential says something else than the report', async () => {
    const { code, out } = await signedOver('same', {}, { verdict: 'fail', planDigest: report.planDigest });
    expect(out).toContain('same-credential.json says "verdict" is "fail", and the report says "pass".');
    expect(code).toBe(1);
    expect((await signedOver('good', {}, { verdict: 'pass', modelDigest: report.model.digest })).code).toBe(0);
  });

  test('is not valid with a report of a form that is not known', async () => {
    const { code, out } = await signedOver('odd', { moreFigures: [1, 2] });
    expect(out).toContain('It does not have the form of a report that this version knows.');
    expect(code).toBe(1);
  });
});
