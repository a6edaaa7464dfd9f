import type { Problem } from '@hansa/kernel';

/**
 * What no honest client sends: two Host headers or a whole address as the target, by which a proxy and a node can
 * disagree about whom a request is for (RFC 9112 §3.2), and U+0000, which no database holds.
 */
export function checkTarget(url: string, rawHeaders: readonly string[]): Problem<'request.invalid'> | null {
  const hosts = rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === 'host');
  if (hosts.length > 1) return invalid('The request has more than one Host header.');
  if (!url.startsWith('/') && url !== '*') return invalid('The target of the request must be a path.');
  if (url.includes('%00')) return invalid('The address has the character U+0000, which is not accepted.');
  return null;
}

const invalid = (detail: string): Problem<'request.invalid'> => ({ kind: 'request.invalid', detail });
