import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  AuditPlanInput,
  type AuditReport,
  type Discrepancy,
  mergeCounts,
  planDigest,
  pooledReport,
  rederiveDocument,
} from '@hansa/fair';
import { canonicalJson, type JsonObject } from '@hansa/kernel';
import { readObject } from '../arguments.js';
import { badUsage } from '../failure.js';
import type { Paint } from '../print/paint.js';
import type { Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import { readCounts } from './merge-files.js';

/** What was found about a report. It is valid when nothing differs. */
export interface ReportVerification {
  readonly valid: boolean;
  readonly differences: readonly Discrepancy[];
  /** Members that do not follow from the counts. */
  readonly unchecked: readonly string[];
  /** Files of counts that were held against the report. */
  readonly counts: number;
}

/**
 * `hansa audit verify`: does everything in a report follow from its plan and its counts? With the files of counts that
 * it was merged from, also whether its counts are their sums.
 */
export function verifyReport(session: Session, place: string, files: readonly string[]): void {
  const { terminal } = session;
  const full = resolve(terminal.directory, place);
  const isDirectory = existsSync(full) && statSync(full).isDirectory();
  const file = isDirectory ? join(place, 'report.json') : place;
  const plan =
    isDirectory && existsSync(join(full, 'plan.json')) ? readObject(join(place, 'plan.json'), terminal) : null;
  const verified = verification(readObject(file, terminal), plan, files, terminal);
  session.show(verified, (shown) => text(file, shown, session.paint));
  if (!verified.valid) session.exitCode = 1;
}

function verification(
  value: JsonObject,
  plan: JsonObject | null,
  files: readonly string[],
  terminal: Terminal,
): ReportVerification {
  if (value.type !== 'AuditReport') throw badUsage('It is not an audit report. Give the report.json of an audit.');
  const { wellFormed, discrepancies, unchecked } = rederiveDocument(value);
  if (!wellFormed) return { valid: false, differences: discrepancies, unchecked, counts: 0 };
  const report = value as unknown as AuditReport;
  const differences = [...discrepancies, ...planApart(plan, report), ...countsApart(files, report, terminal)];
  return { valid: differences.length === 0, differences, unchecked, counts: files.length };
}

/** The plan that was written before the data was read must be the one in the report. */
function planApart(plan: JsonObject | null, report: AuditReport): readonly Discrepancy[] {
  if (plan === null) return [];
  const read = AuditPlanInput.safeParse(plan);
  const digest = read.success ? planDigest(read.data) : 'plan.json holds no plan';
  return digest === report.planDigest ? [] : [{ at: '/planDigest', stated: report.planDigest, rederived: digest }];
}

/** The counts of the cities, merged again, must give this report. */
function countsApart(files: readonly string[], report: AuditReport, terminal: Terminal): readonly Discrepancy[] {
  if (files.length === 0) return [];
  const pooled = mergeCounts(readCounts(files, terminal));
  if (!pooled.ok) return [{ at: '/data', stated: null, rederived: pooled.problem.detail }];
  const { at, software } = report;
  const again = pooledReport(pooled.value, { ...(at !== undefined && { at }), software });
  if (!again.ok) return [{ at: '/data', stated: null, rederived: again.problem.detail }];
  const [stated, own] = [report, again.value].map((one) => one as unknown as JsonObject);
  if (!stated || !own) return [];
  const members = [...new Set([...Object.keys(stated), ...Object.keys(own)])];
  return members
    .filter((member) => canonicalJson(stated[member] ?? null) !== canonicalJson(own[member] ?? null))
    .map((member) => ({ at: `/${member}`, stated: null, rederived: 'The files of counts give something else.' }));
}

function text(file: string, { valid, differences, unchecked, counts }: ReportVerification, paint: Paint): string {
  if (valid)
    return [
      `${file}: ${paint.good('everything that follows from the plan and the counts is as it must be')}.\n`,
      counts > 0
        ? `Its counts are those of the ${counts} files.\n`
        : `Whether the counts are those of the data only the data can tell${unchecked.length > 0 ? `; not looked at: ${unchecked.join(', ')}` : ''}.\n`,
    ].join('');
  const lines = differences.map(
    ({ at, stated, rederived }) => `  ${at}: ${shown(stated)}, and must be ${shown(rederived)}\n`,
  );
  return `${file}: ${paint.bad(`${differences.length === 1 ? '1 thing differs' : `${differences.length} things differ`}`)}\n${lines.join('')}`;
}

const shown = (value: unknown): string => (value === null ? 'nothing' : JSON.stringify(value));
