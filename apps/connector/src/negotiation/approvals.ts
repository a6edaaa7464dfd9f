import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Person } from '../access/index.js';
import { type Approval, type Handling, handlingOf } from './handling.js';
import type { NegotiationRecord } from './negotiation-record.js';

/** What a person's yes comes to. */
export interface Approved {
  readonly handling: Handling | null;
  /** There are as many as the rules demand. */
  readonly isComplete: boolean;
}

/**
 * Adds a person's approval to the terms on the table. Where the rules demand two, they must come from different people:
 * the administrator token names nobody, so it does not count.
 *
 * @returns `approval.forbidden` for the administrator token, `approval.conflict` for somebody who has approved before.
 */
export function approve(
  record: NegotiationRecord,
  by: Person,
  now: Date,
): Result<Approved, Problem<'approval.forbidden' | 'approval.conflict'>> {
  const handling = handlingOf(record);
  const { approvals, rules } = handling;
  if (rules.approvals === 1) return ok({ handling: record.handling, isComplete: true });
  if (by.isAdministrator)
    return refuse(
      'approval.forbidden',
      'This needs the approval of two people. The administrator token names nobody: use a token of your own (hansa person admit <name>).',
    );
  if (approvals.some((approval) => approval.by === by.name))
    return refuse('approval.conflict', `${by.name} has approved these terms already: another person must.`);
  const given = [...approvals, approvalOf(by, now)];
  return ok({ handling: { ...handling, approvals: given }, isComplete: given.length >= rules.approvals });
}

/** Who makes terms approves them, as far as the token names somebody. */
export const approvalsOfAuthor = (by: Person, now: Date): readonly Approval[] =>
  by.isAdministrator ? [] : [approvalOf(by, now)];

const approvalOf = (by: Person, now: Date): Approval => ({ by: by.name, at: now.toISOString() });
