import { clockSkew } from './jwt.js';
import type { DcpProblem } from './problem.js';

/** Whether the moment lies in the validity period, give or take the skew of two clocks. */
export function checkDates(
  credential: { readonly validFrom?: Date; readonly validUntil?: Date },
  now: Date,
): DcpProblem | null {
  const { validFrom, validUntil } = credential;
  if (validFrom && validFrom.getTime() > now.getTime() + clockSkew * 1000)
    return { kind: 'credential.not-yet-valid', detail: `The credential is valid from ${validFrom.toISOString()}.` };
  if (validUntil && validUntil.getTime() <= now.getTime() - clockSkew * 1000)
    return { kind: 'credential.expired', detail: `The credential was valid until ${validUntil.toISOString()}.` };
  return null;
}
