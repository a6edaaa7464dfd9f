import { type Did, ok, parseJson, type Result } from '@hansa/kernel';
import type { Answer, ClaimedMessage, GuardedClient } from '@hansa/platform';
import type { Authorize } from '../identity/index.js';

/** Finds where a message goes now, for an address that is not a URL to send to but says how to find one. */
export type Locate = (address: string) => Promise<Result<string>>;

export const locateUrl: Locate = async (address) => ok(address);

/** What became of one attempt. `later`: the counterparty, or this node, cannot take it now. */
export type Outcome =
  | { readonly kind: 'acknowledged'; readonly answer: Answer }
  | { readonly kind: 'refused' | 'later' | 'unreachable'; readonly reason: string };

/** Refusals that mean "not now". */
const temporary = new Set([408, 425, 429]);

/**
 * A conflict may be over in a moment: Eclipse EDC answers 409 to a message that arrives while its own side of the process
 * has still to take in our answer to its last one. So many attempts are made before it is believed.
 */
const conflict = { status: 409, attempts: 6 };

/** Nobody was there, or nobody answered. Any other failure is the answer of somebody. */
const away = new Set(['http.unreachable', 'http.timeout', 'http.cut-off']);

/** Sends a message once. It does not throw: whatever goes wrong is an outcome. */
export async function sendMessage(
  client: GuardedClient,
  authorize: Authorize,
  { counterparty, url: address, body, attempt }: ClaimedMessage,
  locate: Locate = locateUrl,
): Promise<Outcome> {
  const located = await locate(address);
  if (!located.ok) {
    const { kind, detail } = located.problem;
    return { kind: kind === 'did.unresolvable' ? 'unreachable' : 'refused', reason: `${kind}: ${detail}` };
  }
  const url = located.value;
  let authorization: string;
  try {
    authorization = await authorize(counterparty as Did);
  } catch (error) {
    return { kind: 'later', reason: `no token could be made: ${error instanceof Error ? error.message : error}` };
  }
  const headers = { 'content-type': 'application/json', authorization };
  const sent = await client.request({ method: 'POST', url, headers, body });
  if (!sent.ok) {
    const { kind, detail } = sent.problem;
    const reason = `${kind}: ${detail}`;
    if (kind === 'http.address-refused') return { kind: 'refused', reason };
    return { kind: away.has(kind) ? 'unreachable' : 'later', reason };
  }
  const { status } = sent.value;
  const text = Buffer.from(sent.value.body).toString('utf8');
  if (status >= 200 && status < 300) {
    const parsed = parseJson(text);
    return { kind: 'acknowledged', answer: { status, body: parsed.ok ? parsed.value : undefined } };
  }
  const reason = `the peer answered ${status}${refusalText(text)}`;
  const notYet = status === conflict.status && attempt < conflict.attempts;
  return { kind: status >= 500 || temporary.has(status) || notYet ? 'later' : 'refused', reason };
}

/** The `reason` of a protocol error body, shortened; other bodies are not repeated. */
function refusalText(text: string): string {
  const parsed = parseJson(text);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return '';
  const reason = (parsed.value as Record<string, unknown>).reason;
  const parts = Array.isArray(reason) ? reason.filter((part): part is string => typeof part === 'string') : [];
  return parts.length > 0 ? `: ${parts.join('; ').slice(0, 500)}` : '';
}
