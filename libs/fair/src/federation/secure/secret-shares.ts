/** The smallest prime above 2^256, so that every secret of 32 bytes is a number of the field. */
export const fieldPrime = 2n ** 256n + 297n;
const secretLength = 32;

/** Bytes of one share: a number of the field, highest byte first. */
export const shareLength = 33;

/** One share of a secret and the place on the polynomial where it was taken: 1 or more. */
export interface SecretShare {
  readonly place: number;
  readonly share: Uint8Array;
}

/**
 * Splits a secret of 32 bytes so that any `quorum` shares give it back and fewer say nothing at all about it: values
 * of a random polynomial whose value at 0 is the secret. A. Shamir, Communications of the ACM 22 (1979).
 *
 * @param places where shares are taken: whole numbers from 1, none twice, at least `quorum` of them.
 */
export function splitSecret(
  secret: Uint8Array,
  places: readonly number[],
  quorum: number,
  randomBytes: (length: number) => Uint8Array,
): readonly SecretShare[] {
  const coefficients = [numberOf(secret), ...Array.from({ length: quorum - 1 }, () => randomElement(randomBytes))];
  return places.map((place) => {
    const value = coefficients.reduceRight((sum, coefficient) => (sum * BigInt(place) + coefficient) % fieldPrime, 0n);
    return { place, share: bytesOfNumber(value, shareLength) };
  });
}

/**
 * The secret of which these are shares, at other places each; undefined where they are shares of nothing. Fewer than the
 * quorum, or wrong ones, give another secret: whoever asks must be able to tell.
 */
export function combineShares(shares: readonly SecretShare[]): Uint8Array | undefined {
  let secret = 0n;
  for (const { place, share } of shares) {
    let [numerator, denominator] = [numberOf(share), 1n];
    for (const { place: other } of shares) {
      if (other === place) continue;
      numerator = (numerator * BigInt(other)) % fieldPrime;
      denominator = (denominator * BigInt(other - place)) % fieldPrime;
    }
    secret = (secret + numerator * inverse(denominator)) % fieldPrime;
  }
  return secret < 2n ** 256n ? bytesOfNumber(secret, secretLength) : undefined;
}

/** Uniform in the field: numbers of 257 bits are drawn until one is small enough, about two. */
function randomElement(randomBytes: (length: number) => Uint8Array): bigint {
  for (;;) {
    const bytes = Uint8Array.from(randomBytes(shareLength), (byte, i) => (i === 0 ? byte & 1 : byte));
    const value = numberOf(bytes);
    if (value < fieldPrime) return value;
  }
}

/** By Fermat: x^(p − 2). */
function inverse(x: bigint): bigint {
  let [result, base] = [1n, ((x % fieldPrime) + fieldPrime) % fieldPrime];
  for (let exponent = fieldPrime - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % fieldPrime;
    base = (base * base) % fieldPrime;
  }
  return result;
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function bytesOfNumber(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 255n));
}
