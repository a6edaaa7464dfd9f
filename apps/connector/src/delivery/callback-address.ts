import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient } from '@hansa/platform';

/**
 * Refuses a process whose other side could never be told anything, before there is anything to store: DSP 2025-1 calls a
 * callback address that the receiver cannot use an unrecoverable error.
 *
 * @param url the longest address that one of our messages will go to, made from the callback address: so that it is
 *   judged as it will be called.
 * @example
 * checkCallback(client, 'http://10.0.0.1/negotiations/urn:p/termination'); // { ok: false, problem: { kind: 'callback.refused', … } }
 */
export function checkCallback(client: GuardedClient, url: string): Result<null, Problem<'callback.refused'>> {
  const checked = client.check(url);
  if (checked.ok) return ok(null);
  return refuse(
    'callback.refused',
    `No message can go to this callbackAddress. ${checked.problem.detail}`,
    '/callbackAddress',
  );
}
