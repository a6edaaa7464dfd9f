import type { Premise, Trace } from './decision.js';
import { shown } from './words.js';

const marks = { satisfied: '[x]', unsatisfied: '[ ]', unknown: '[?]' } as const;

/**
 * A trace as plain text, one line a premise: `[x]` holds, `[ ]` does not, `[?]` cannot be decided.
 *
 * @example
 * renderTrace(decision.trace); // 'Denied: no permission applies.\n[ ] permission /permission/0\n    [x] …'
 */
export function renderTrace(trace: Trace): string {
  return [
    trace.conclusion,
    ...trace.concerns.map(({ code, text }) => `[?] ${code}: ${text}`),
    ...trace.rules.flatMap((rule) => [
      `${marks[rule.state]} ${rule.rule} ${rule.at}${identity(rule.id)}`,
      ...rule.premises.flatMap((premise) => premiseLines(premise, 1)),
    ]),
  ].join('\n');
}

function identity(id: string | undefined): string {
  return id === undefined ? '' : ` <${shown(id)}>`;
}

function premiseLines(premise: Premise, depth: number): readonly string[] {
  const { id, state, expected, actual, code, premises = [] } = premise;
  const why = state === 'satisfied' ? '' : ` (${code})`;
  return [
    `${'    '.repeat(depth)}${marks[state]} ${expected}${identity(id)} -- ${actual}${why}`,
    ...premises.flatMap((inner) => premiseLines(inner, depth + 1)),
  ];
}
