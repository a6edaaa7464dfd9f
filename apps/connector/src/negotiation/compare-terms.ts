import type { JsonObject } from '@hansa/kernel';
import { must } from '@hansa/kernel';
import {
  declaredPurpose,
  keepsBounds,
  lintPolicy,
  matchesOffer,
  type Offer,
  type Policy,
  parsePolicy,
  sameTerms,
} from '@hansa/odrl';

/** How the terms of the other side stand to ours. */
export interface Comparison {
  readonly kind: 'same' | 'within-bounds' | 'other';
  /** In what they differ; empty where they are the same. */
  readonly detail: string;
}

/** A comparison, with the purpose that the terms name. */
export interface Compared extends Comparison {
  readonly purpose: string | undefined;
}

/** Who the terms are between. */
export type Parties = Required<Pick<Policy, 'assigner' | 'assignee'>>;

/**
 * How a consumer's terms stand to an offer of ours: they repeat it, they are at least as strict as the bounds, or they
 * are others. What could not be enforced here is never within bounds.
 *
 * @param own the offer, with its target.
 * @param parties whom the terms may name, if they name any.
 */
export function compareRequest(own: Offer, theirs: Policy, bounds: JsonObject | null, parties: Parties): Compared {
  const matched = matchesOffer({ ...own, ...parties }, theirs);
  if (matched.ok) return { kind: 'same', detail: '', purpose: matched.value.purpose };
  const purpose = declaredPurpose(theirs);
  const { detail } = matched.problem;
  if (bounds === null) return { kind: 'other', detail, purpose };
  const [fault] = lintPolicy(theirs);
  if (fault) return { kind: 'other', detail: fault.detail, purpose };
  const { assigner = parties.assigner, assignee = parties.assignee } = theirs;
  const strangers = assigner !== parties.assigner || assignee !== parties.assignee;
  if (strangers || theirs.kind !== 'Offer' || theirs.id !== own.id) return { kind: 'other', detail, purpose };
  const kept = keepsBounds(theirs, must(parsePolicy(bounds)));
  return kept.ok
    ? { kind: 'within-bounds', detail, purpose }
    : { kind: 'other', detail: `${detail} ${kept.problem.detail}`, purpose };
}

/**
 * How a provider's terms stand to what we asked for: the same, at least as wide as the bounds, or others. The bounds are
 * the least that we need: whatever they permit the offer must permit us, and it must oblige us to nothing else.
 */
export function compareOffer(own: Policy, theirs: Policy, bounds: JsonObject | null, we: string): Compared {
  const purpose = declaredPurpose(theirs);
  if (sameTerms(own, theirs)) return { kind: 'same', detail: '', purpose };
  const detail = 'The offer is not what was asked for.';
  if (bounds === null) return { kind: 'other', detail, purpose };
  const [fault] = lintPolicy(theirs);
  if (fault) return { kind: 'other', detail: `${detail} ${fault.detail}`, purpose };
  const { target } = theirs;
  const needed = { ...must(parsePolicy(bounds)), assignee: we, ...(target === undefined ? {} : { target }) };
  const kept = keepsBounds(needed, theirs);
  return kept.ok
    ? { kind: 'within-bounds', detail, purpose }
    : { kind: 'other', detail: `${detail} It does not give what is needed: ${kept.problem.detail}`, purpose };
}
