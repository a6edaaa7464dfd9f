import { existsSync, readFileSync } from 'node:fs';
import { type Did, type JsonObject, must, ok, type Result, refuse } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  type DidDocument,
  parseDidDocument,
  parseScope,
  type TrustedIssuer,
  verifyPresentations,
  verifySelfIssuedToken,
} from './index.js';

interface TokenCase {
  readonly name: string;
  readonly expect: 'accept' | 'reject' | 'implementation-defined';
  readonly reason: string;
  readonly audience: Did;
  readonly jwt: string;
  readonly sequence?: string;
}
interface PresentationCase extends Omit<TokenCase, 'audience' | 'jwt'> {
  readonly verifier: Did;
  readonly presenter: Did;
  readonly requestedScopes: readonly string[];
  readonly trustedIssuers: Readonly<Record<Did, readonly string[]>>;
  readonly presentation: readonly (string | JsonObject)[];
}
interface Vectors {
  readonly now: string;
  readonly didDocuments: Readonly<Record<Did, JsonObject>>;
  readonly statusListCredentials: Readonly<Record<string, string>>;
  readonly selfIssuedTokens: readonly TokenCase[];
  readonly presentations: readonly PresentationCase[];
}

/**
 * For each rejected case the kind that says why; so no case can be refused for a reason other than the intended one.
 */
const reasons: Readonly<Record<string, string>> = {
  'iss != sub': 'jwt.claim',
  'wrong aud': 'jwt.audience',
  'aud array with a second audience': 'jwt.audience',
  'no aud': 'jwt.audience',
  'no jti': 'jwt.claim',
  'no exp': 'jwt.claim',
  'no iat': 'jwt.claim',
  'expired by 60 s': 'jwt.expired',
  'iat 60 s in the future': 'jwt.not-yet-valid',
  'nbf 60 s in the future': 'jwt.not-yet-valid',
  'exp as ISO string': 'jwt.claim',
  'life time 24 h': 'token.lifetime',
  'kid of mallory, iss of holder': 'jwt.foreign-key',
  'kid of holder, signed by mallory': 'jwt.signature',
  'unknown kid': 'key.unknown',
  'no kid, document has two methods': 'key.ambiguous',
  'key without capabilityInvocation': 'key.wrong-relationship',
  'document without any relationship': 'key.wrong-relationship',
  'no token claim': 'token.no-access-token',
  'crit header unknown': 'jwt.algorithm',
  'alg none': 'jwt.malformed',
  'HS256 keyed with the public SPKI PEM': 'jwt.algorithm',
  'jwk in header, self-certified': 'jwt.signature',
  'replay, same jti with another access token': 'token.replayed',
  'vc11 credential inside vc20 VP': 'presentation.mixed-profiles',
  'empty presentation array': 'presentation.missing-credential',
  'VP without credentials': 'presentation.missing-credential',
  'wrong type': 'presentation.missing-credential',
  'expired VP': 'jwt.expired',
  'subject is a third party': 'credential.foreign-subject',
  'one of two subjects is a third party': 'credential.foreign-subject',
  'mallory presents the holder credential': 'credential.foreign-subject',
  'inner VP says holder, signed by mallory': 'jwt.foreign-key',
  'outer signed by mallory, inner by holder': 'jwt.foreign-key',
  'issuer field forged, signed by mallory': 'jwt.foreign-key',
  'vc11: JWT iss authority, vc.issuer mallory': 'credential.issuer-mismatch',
  'untrusted issuer': 'credential.untrusted-issuer',
  'issuer trusted for another type only': 'credential.untrusted-issuer',
  'expired VC': 'credential.expired',
  'not yet valid VC': 'credential.not-yet-valid',
  'vc11: JWT exp fine, expirationDate past': 'credential.expired',
  'status: revoked (bit 42)': 'status.revoked',
  'status: revoked (bit 4711)': 'status.revoked',
  'status: status index out of range': 'status.malformed',
  'status: status index "42abc"': 'status.malformed',
  'status: status purpose differs from list': 'status.list-invalid',
  'status: status list of another issuer': 'status.list-invalid',
  'status: status list unreachable': 'status.unavailable',
  'status: status list expired': 'status.list-invalid',
  'status: gzip bomb list, 64 MiB': 'status.list-invalid',
  'status: unknown status type': 'status.unsupported',
  'status: status URL on loopback': 'status.unavailable',
  'status: status array, second entry revoked': 'status.revoked',
};

const file = '../shared/conformance/dcp/vectors/dcp-vectors.json';

if (!existsSync(file)) {
  test.skip(`skipped: the DCP vectors are absent (${file})`, () => undefined);
} else {
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
  const now = new Date(vectors.now);
  const documents = new Map<Did, DidDocument>(
    Object.entries(vectors.didDocuments).map(([did, json]) => [did as Did, must(parseDidDocument(json, did as Did))]),
  );
  const resolveDid = async (did: Did): Promise<Result<DidDocument>> => {
    const document = documents.get(did);
    return document ? ok(document) : refuse('test.unreachable', did);
  };
  const fetchStatusList = async (url: string): Promise<Result<string>> => {
    const list = vectors.statusListCredentials[url];
    return list === undefined ? refuse('test.unreachable', url) : ok(list);
  };
  /** What the verifier said, in one line that shows the reason when it differs from what was expected. */
  const outcome = (result: Result<unknown>): string => (result.ok ? 'accept' : `reject: ${result.problem.kind}`);
  const expected = ({ name, expect: verdict }: { name: string; expect: string }): string =>
    verdict === 'reject' ? `reject: ${reasons[name]}` : 'accept';

  describe('the vectors for Self-Issued ID Tokens', () => {
    const seen = new Set<string>();
    const seenBefore = async (issuer: Did, jti: string): Promise<boolean> => {
      const before = seen.has(`${issuer} ${jti}`);
      seen.add(`${issuer} ${jti}`);
      return before;
    };
    test.each(vectors.selfIssuedTokens.map((one) => [one.name, one.reason, one] as const))(
      '%s (%s)',
      async (_name, _reason, one) => {
        const result = await verifySelfIssuedToken(one.jwt, {
          audience: one.audience,
          now,
          resolveDid,
          seenBefore,
          accessToken: 'required',
        });
        expect(outcome(result)).toBe(expected(one));
      },
    );
  });

  describe('the vectors for presentations', () => {
    test.each(vectors.presentations.map((one) => [one.name, one.reason, one] as const))(
      '%s (%s)',
      async (_name, _reason, one) => {
        const trustedIssuers: TrustedIssuer[] = Object.entries(one.trustedIssuers).map(([did, types]) => ({
          did: did as Did,
          types,
        }));
        const response = {
          '@context': ['https://w3id.org/dspace-dcp/v1.0/dcp.jsonld'],
          type: 'PresentationResponseMessage',
          presentation: one.presentation,
        };
        const result = await verifyPresentations(response, {
          holder: one.presenter,
          audience: one.verifier,
          requestedScopes: one.requestedScopes.map((scope) => must(parseScope(scope))),
          trustedIssuers,
          now,
          resolveDid,
          fetchStatusList,
        });
        expect(outcome(result)).toBe(expected(one));
      },
    );
  });

  test('the file holds 31 tokens and 40 presentations, and each rejected one has its reason above', () => {
    expect([vectors.selfIssuedTokens.length, vectors.presentations.length]).toEqual([31, 40]);
    const rejected = [...vectors.selfIssuedTokens, ...vectors.presentations].filter((one) => one.expect === 'reject');
    expect(rejected.map((one) => one.name).filter((name) => !reasons[name])).toEqual([]);
  });
}
