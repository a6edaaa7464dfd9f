import type { Did, JsonObject } from '@hansa/kernel';
import { importJWK, SignJWT } from 'jose';
import type { Participant } from './index.js';

/** A VC 1.1 membership credential as the DCP kit makes it, signed by jose and not by us. */
export async function vc11Membership(
  issuer: Participant,
  holder: Did,
  now: Date,
  changes: JsonObject = {},
): Promise<string> {
  const claims = {
    iss: issuer.did,
    sub: holder,
    jti: '45a01782-5fe7-4fce-bb37-1fb0a13d6b6a',
    nbf: now.getTime() / 1000,
    vc: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential', 'MembershipCredential'],
      issuer: { id: issuer.did, name: 'Authority' },
      issuanceDate: '2026-11-23T11:59:59.123456789Z',
      credentialSubject: { id: holder, foo: 'bar' },
    },
    ...changes,
  };
  const key = await importJWK({ ...issuer.keys.credential.privateJwk }, 'EdDSA');
  return new SignJWT(claims as never).setProtectedHeader({ alg: 'EdDSA', kid: issuer.keys.credential.id }).sign(key);
}
