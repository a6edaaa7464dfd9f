import type { Role } from '@hansa/dsp';

/** By whom, when and why an agreement was terminated. */
export interface AgreementTermination {
  readonly kind: 'terminated';
  readonly at: Date;
  /** The side that has ended it. */
  readonly by: Role;
  /** The sender's own, for machines; null where it gave none. */
  readonly code: string | null;
  readonly reason: readonly string[];
}

/** How an agreement has ended. `at` is the moment from which it permits nothing. */
export type AgreementEnd =
  | { readonly kind: 'expired'; readonly at: Date }
  /** `by` is the agreement that stands in its place. */
  | { readonly kind: 'superseded'; readonly at: Date; readonly by: string }
  | AgreementTermination;

const ranks = { expired: 1, superseded: 2, terminated: 3 } as const;
const rankOf = (end: AgreementEnd): number =>
  ranks[end.kind] + (end.kind === 'terminated' && end.by === 'provider' ? 1 : 0);

/**
 * Of two ends of one agreement the one that both sides keep, in whichever order they learn of them: what somebody has
 * said before what a clock says, a termination before anything else, and of two terminations the provider's. Where that
 * is the one that was known it is returned itself. Use has ended with the earlier of the two.
 */
export function strongerEnd(known: AgreementEnd, said: AgreementEnd): AgreementEnd {
  if (rankOf(said) <= rankOf(known)) return known;
  return { ...said, at: new Date(Math.min(known.at.getTime(), said.at.getTime())) };
}

/** Why what stands on an agreement ends with it, for the other side. */
export interface EndReason {
  /** `agreement.terminated`, `agreement.expired` or `agreement.superseded`. */
  readonly code: `agreement.${AgreementEnd['kind']}`;
  readonly reason: readonly string[];
}

export function reasonOfEnd(end: AgreementEnd): EndReason {
  return { code: `agreement.${end.kind}`, reason: textsOf(end) };
}

/** The end in one sentence, for people on either side. */
export function sentenceOfEnd(end: AgreementEnd): string {
  switch (end.kind) {
    case 'expired':
      return `The agreement expired at ${end.at.toISOString()}.`;
    case 'superseded':
      return `The agreement was superseded by ${end.by}.`;
    default:
      return `The agreement was terminated by the ${end.by}: ${end.reason.join(' ') || 'no reason was given'}`;
  }
}

function textsOf(end: AgreementEnd): readonly string[] {
  return end.kind === 'terminated' ? end.reason : [sentenceOfEnd(end)];
}
