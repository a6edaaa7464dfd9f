import ipaddr from 'ipaddr.js';

/** Which addresses an outbound connection may reach. */
export interface AddressRules {
  /** Also 127.0.0.0/8, ::1 and the names `localhost` and `*.localhost`. For demonstrations and tests on one machine. */
  readonly allowLoopback: boolean;
  /** Networks in CIDR notation that are refused although they are formally public. */
  readonly deny: readonly string[];
}

/**
 * Addresses that are public by registry but answer only inside a cloud: 168.63.129.16 is Azure's platform service on
 * every virtual machine (Microsoft Learn, "What is IP address 168.63.129.16?").
 */
export const cloudFabricNetworks: readonly string[] = ['168.63.129.16/32'];

/** All global unicast addresses handed out so far (IANA IPv6 Address Space registry). */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

/** The IP address that a URL's hostname spells, without the brackets of IPv6, or null if it is a name. */
export function addressLiteral(hostname: string): string | null {
  const bare = hostname.startsWith('[') && hostname.endsWith(']') ? hostname.slice(1, -1) : hostname;
  // Every spelling of an address has a colon, or its last part begins with a digit. To parse is slow.
  return (bare.includes(':') || /(^|\.)\d[^.]*\.?$/.test(bare)) && ipaddr.isValid(bare) ? bare : null;
}

/** True for `localhost` and names below it, which RFC 6761 §6.3 reserves for the loopback address. */
export function isLocalhostName(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost');
}

/**
 * Whether a connection to an IP address is allowed. The list is closed: an address must be global unicast in IANA's
 * special-purpose registries, so private, shared, link-local, multicast, documentation, benchmarking and reserved ranges
 * are refused, and so are IPv6 forms that carry an IPv4 address inside (mapped, 6to4, Teredo, NAT64, IPv4-compatible).
 *
 * @param loopback whether loopback addresses count as allowed for this host
 * @example
 * isAllowedAddress('10.0.0.1', { loopback: false, deny: [] }); // false
 */
export function isAllowedAddress(address: string, rules: { loopback: boolean; deny: readonly string[] }): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  if (rules.deny.some((network) => isInNetwork(ip, network))) return false;
  const range = ip.range();
  if (range === 'loopback') return rules.loopback;
  if (range !== 'unicast') return false;
  return ip instanceof ipaddr.IPv4 || ip.match(globalUnicast);
}

function isInNetwork(ip: ipaddr.IPv4 | ipaddr.IPv6, cidr: string): boolean {
  const network = ipaddr.parseCIDR(cidr);
  return ip.kind() === network[0].kind() && ip.match(network);
}
