import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { type AddressRules, isAllowedAddress, isLocalhostName } from './address.js';

/** One answer of name resolution. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Resolves a host name to all of its addresses. */
export type ResolveName = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** The operating system's resolver. */
export const resolveByOperatingSystem: ResolveName = (hostname) => systemLookup(hostname, { all: true });

/** Thrown inside the connection attempt when a name leads to a refused address. */
export class AddressRefused extends Error {
  constructor(
    readonly hostname: string,
    readonly address: string,
  ) {
    super(`${hostname} resolves to ${address}, which is not a public address`);
  }
}

/**
 * The lookup hook of the sockets: what was checked is what is connected to, so a name cannot show one address to a check
 * and another to the connection (DNS rebinding). If one address of a name is refused, all are.
 */
export function guardedLookup(rules: AddressRules, resolve: ResolveName): LookupFunction {
  return (hostname, options, done) => {
    // A loopback address is acceptable only under a loopback name: a public name that leads there is an attack.
    const loopback = rules.allowLoopback && isLocalhostName(hostname);
    resolve(hostname).then(
      (found) => {
        const bad = found.find(({ address }) => !isAllowedAddress(address, { loopback, deny: rules.deny }));
        const [first] = found;
        if (bad) done(new AddressRefused(hostname, bad.address), '');
        else if (!first) done(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }), '');
        else if (options.all) done(null, [...found]);
        else done(null, first.address, first.family);
      },
      (error: Error) => done(error, ''),
    );
  };
}
