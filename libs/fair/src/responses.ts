import { type Digest, digestOfJson } from '@hansa/kernel';
import type { Finding } from './findings/finding.js';
import type { AuditPlan } from './plan.js';

/** `open`: nothing was decided. `accepted`: it stays, for a reason. `resolved`: it was mended, and there is evidence. */
export type ResponseState = 'open' | 'accepted' | 'resolved';

/** What was said about a finding after the report. */
export interface FindingAnswer {
  readonly finding: Digest;
  readonly state: ResponseState;
  readonly owner: string | null;
  /** A day, as `2026-12-23`. */
  readonly due: string | null;
  /** Why a finding is accepted, or anything else that a reader should know. */
  readonly reason: string | null;
  /** What shows that it is resolved: an address, a digest, the identifier of another audit. */
  readonly evidence: string | null;
}

/** A finding with who answers for it, until when, and what came of it. */
export interface AnsweredFinding extends FindingAnswer {
  readonly severity: Finding['severity'];
  readonly text: string;
  /** It is open, and its day has passed. */
  readonly isOverdue: boolean;
}

/** The name of a finding: the digest of its content, so that it is the same wherever the report is. */
export function findingId(finding: Finding): Digest {
  return digestOfJson(finding);
}

/**
 * The findings of a report with what was said about each; what nobody said anything about is open, under the plan's
 * owner and term.
 *
 * @param today a day, as `2026-11-23`.
 */
export function answeredFindings(
  report: { readonly at?: string; readonly plan: AuditPlan; readonly findings: readonly Finding[] },
  answers: readonly FindingAnswer[],
  today: string,
): readonly AnsweredFinding[] {
  return report.findings.map((finding): AnsweredFinding => {
    const id = findingId(finding);
    const said = answers.find((answer) => answer.finding === id);
    const state = said?.state ?? 'open';
    const due = said?.due ?? plannedDay(finding, report);
    return {
      finding: id,
      severity: finding.severity,
      text: finding.text,
      state,
      owner: said?.owner ?? report.plan.responses?.owner ?? null,
      due,
      reason: said?.reason ?? null,
      evidence: said?.evidence ?? null,
      isOverdue: state === 'open' && due !== null && due < today,
    };
  });
}

/** Findings that keep an audit from being approved: grave, and neither accepted nor resolved. */
export function blockingFindings(findings: readonly AnsweredFinding[]): readonly AnsweredFinding[] {
  return findings.filter(({ severity, state }) => severity === 'high' && state === 'open');
}

const day = 24 * 3600 * 1000;

/** The last day of the plan's term; null where the plan has none, or the report no date to count from. */
function plannedDay(
  { severity }: Finding,
  { at, plan }: { readonly at?: string; readonly plan: AuditPlan },
): string | null {
  const days = plan.responses?.days[severity];
  if (days === undefined || at === undefined) return null;
  return new Date(Date.parse(at) + days * day).toISOString().slice(0, 10);
}
