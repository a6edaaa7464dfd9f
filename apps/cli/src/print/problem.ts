import type { Problem } from '@hansa/kernel';
import { jsonText, printable } from './text.js';

/** A problem as one sentence for a person: what is wrong, where, and what to do. */
export function problemText(problem: Problem): string {
  const at = problem.at ? ` (at ${printable(problem.at)})` : '';
  return `hansa: ${printable(problem.detail)}${at}\n`;
}

/** A problem for a program, on one line. */
export function problemJson(problem: Problem): string {
  return `${JSON.stringify(JSON.parse(jsonText({ error: problem })))}\n`;
}
