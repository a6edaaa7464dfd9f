import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { type AddressRules, addressLiteral, isAllowedAddress, isLocalhostName } from './address.js';

/** What a URL from outside must satisfy before any connection is tried. */
export interface UrlRules extends AddressRules {
  /** Also plain `http:`. For demonstrations and tests. */
  readonly allowInsecure: boolean;
}

/** Longer addresses are refused before they are parsed. */
const maxUrlLength = 2048;

/**
 * Parses an absolute URL that somebody else gave us and checks everything that needs no name resolution. The URL
 * Standard's parser has already turned every spelling of an IPv4 address (decimal, octal, hexadecimal, short,
 * full-width) into the dotted form, so the check on the parsed host sees them all.
 *
 * @example
 * checkUrl('https://0x7f.1/', rules); // { ok: false, problem: { kind: 'http.address-refused', … } }
 */
export function checkUrl(text: string, rules: UrlRules): Result<URL, Problem<'http.address-refused'>> {
  if (text.length > maxUrlLength) return refused(`it is longer than ${maxUrlLength} characters`);
  if (!URL.canParse(text)) return refused('it is not an absolute URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(rules.allowInsecure && url.protocol === 'http:'))
    return refused(`its scheme is "${url.protocol}"; ${rules.allowInsecure ? 'http or https' : 'https'} is required`);
  if (url.username || url.password) return refused('it carries a user name or password');
  if (text.includes('#')) return refused('it carries a fragment');
  const literal = addressLiteral(url.hostname);
  if (literal !== null && !isAllowedAddress(literal, { loopback: rules.allowLoopback, deny: rules.deny }))
    return refused(`${literal} is not a public address`);
  if (isLocalhostName(url.hostname) && !rules.allowLoopback) return refused('it names this machine');
  return ok(url);
}

function refused(reason: string) {
  return refuse('http.address-refused', `The address is refused: ${reason}. Give a public https address.`);
}
