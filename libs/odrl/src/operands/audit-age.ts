import { addDuration, compareValues, instantValue, readLiteral, type Value } from '../literals.js';
import { holds, momentText, type Operand } from '../operand.js';
import type { Literal, Operator } from '../policy.js';
import { hansaNamespace } from '../terms.js';
import { shown } from '../words.js';
import { currentAudit } from './audit-verdict.js';

type Duration = Extract<Value, { readonly kind: 'duration' }>;

function durationOf(literal: Literal | undefined): Duration | undefined {
  const value = literal === undefined ? undefined : readLiteral(literal, 'duration');
  return value?.kind === 'duration' && value.months >= 0 && value.milliseconds >= 0 ? value : undefined;
}

const verbs: Partial<Readonly<Record<Operator, string>>> = {
  lt: 'less than',
  lteq: 'at most',
  gt: 'more than',
  gteq: 'at least',
};

const units = ['year', 'month', 'day', 'hour', 'minute', 'second'];

/** `P1Y6M` as "1 year 6 months"; what is no xsd:duration as it came. */
function durationWords(text: string): string {
  const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
    .exec(text)
    ?.slice(1);
  const words = parts?.flatMap((count, i) =>
    count === undefined ? [] : [`${count} ${units[i]}${count === '1' ? '' : 's'}`],
  );
  return words?.join(' ') || shown(text);
}

/**
 * `hansa:auditAge`: how long ago the newest valid audit was issued, against an xsd:duration. Months are calendar months:
 * an audit of the 31st of January is one month old on the last day of February.
 */
export const auditAgeOperand: Operand = {
  iri: `${hansaNamespace}auditAge`,
  operators: ['lt', 'lteq', 'gt', 'gteq'],
  complaint: (literal) =>
    durationOf(literal) === undefined ? 'not an xsd:duration of zero or more, such as P180D' : undefined,
  phrase: (operator, [limit]) =>
    `the model's audit is ${verbs[operator] ?? operator} ${durationWords(limit?.value ?? '')} old`,
  examine: (operator, [literal], situation) => {
    const current = currentAudit(situation);
    if (current.audit === undefined) return current.finding;
    const { issuedAt } = current.audit;
    const limit = durationOf(literal);
    const deadline = limit === undefined ? Number.NaN : addDuration(issuedAt.getTime(), limit);
    const comparison = compareValues(instantValue(situation.now.getTime()), instantValue(deadline));
    return { state: holds(comparison, operator), actual: `issued at ${momentText(issuedAt)}`, code: 'audit.age' };
  },
};
