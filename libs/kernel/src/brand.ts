declare const brand: unique symbol;

/**
 * A string (or number) that has been checked once and carries that in its type.
 *
 * @example
 * type Pid = Brand<string, 'Pid'>;
 */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A decentralised identifier (W3C DID Core). */
export type Did = `did:${string}:${string}`;

const didSyntax = /^did:[a-z0-9]+:[A-Za-z0-9._%:-]*[A-Za-z0-9._%-]$/;

/** True for a string in the generic DID syntax (W3C DID Core §3.1), at most 512 characters. */
export function isDid(value: unknown): value is Did {
  return typeof value === 'string' && value.length <= 512 && didSyntax.test(value);
}
