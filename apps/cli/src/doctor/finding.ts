import type { Paint } from '../print/paint.js';

/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  /** `warn`: it works, and somebody should know; `fail`: it does not. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** A line for each finding, and how many need something. */
export function findingsText(findings: readonly Finding[], paint: Paint): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const marks = { ok: paint.good('ok  '), warn: paint.bold('warn'), fail: paint.bad('FAIL') };
  const lines = findings.map(({ check, status, detail, hint }) => {
    const indent = ' '.repeat(width + 8);
    const advice = hint === undefined ? '' : `\n${indent}${hint}`;
    return `${marks[status]}  ${check.padEnd(width)}  ${detail.replaceAll('\n', `\n${indent}`)}${advice}\n`;
  });
  const number = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length;
  return `${lines.join('')}\n${summary(number('fail'), number('warn'))}\n`;
}

function summary(failed: number, warned: number): string {
  const warnings = warned === 0 ? '' : ` ${warned} worth a look.`;
  return failed === 0 ? `Nothing is missing.${warnings}` : `${failed} must be put right.${warnings}`;
}
