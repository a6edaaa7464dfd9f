import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { generateKeyPair, importKeyPair, localSigner, publicKeyOf } from './index.js';

const id = 'did:web:berlin.example#key-1';

describe('keys', () => {
  test.each(['participant', 'credential', 'report'] as const)(
    'a %s key survives being stored as JSON',
    async (purpose) => {
      const pair = await generateKeyPair(purpose, id);
      expect(must(await importKeyPair(JSON.parse(JSON.stringify(pair))))).toEqual(pair);
      expect(publicKeyOf(pair)).not.toHaveProperty('privateJwk');
    },
  );

  test('the public half is derived from the private one, so that the two can not disagree', async () => {
    const [pair, other] = [await generateKeyPair('participant', id), await generateKeyPair('participant', id)];
    const restored = must(await importKeyPair({ ...pair, publicJwk: other.publicJwk }));
    expect(restored.publicJwk).toEqual(pair.publicJwk);
  });

  test('a key on the curve of another purpose, a broken key and noise are refused', async () => {
    const pair = await generateKeyPair('report', id);
    const broken = { ...pair, privateJwk: { ...pair.privateJwk, d: 'AA' } };
    for (const stored of [
      { ...pair, purpose: 'participant' },
      broken,
      { id },
      { ...pair, purpose: 'all' },
      null,
      'key',
    ])
      expect(await importKeyPair(stored)).toMatchObject({ ok: false, problem: { kind: 'key.malformed' } });
  });

  // The key, the input and the signature of RFC 8037, appendices A.1 and A.4.
  test('EdDSA gives the signature of RFC 8037', async () => {
    const privateJwk = {
      kty: 'OKP',
      crv: 'Ed25519',
      d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    };
    const pair = must(await importKeyPair({ id, purpose: 'credential', privateJwk }));
    const input = 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
    const signature = await localSigner(pair).sign(Buffer.from(input));
    expect(Buffer.from(signature).toString('base64url')).toBe(
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
    );
  });

  test('ES256 signatures have the 64 bytes of RFC 7518, not DER', async () => {
    const signer = localSigner(await generateKeyPair('participant', id));
    expect(signer.algorithm).toBe('ES256');
    expect(await signer.sign(Buffer.from('x'))).toHaveLength(64);
  });
});
