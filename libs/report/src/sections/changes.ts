import type { AuditPlan, Change, GapChange, RateChange, ReportChange } from '@hansa/fair';
import { standingWords } from '../components/standing-badge.js';
import { table } from '../components/table.js';
import { count, decimal, percent } from '../format.js';
import { type Html, html } from '../html.js';
import { rateLabels } from '../metric-words.js';
import { attributeWords, groupName, isolated } from '../names.js';

const mostRows = 100;

/** Who is better off and who is worse off than in an earlier report, beyond what chance may do. */
export function changesSection({ rates, gaps, notCompared, verdict }: ReportChange, plan: AuditPlan): Html {
  const moved = rates.filter(({ change }) => change !== 'same');
  const shown = moved.slice(0, mostRows);
  const of = (change: Change): number => rates.filter((rate) => rate.change === change).length;
  const sums = `Of ${count(rates.length)} rates of groups, ${count(of('worse'))} are worse, ${count(of('better'))} are better, and ${count(of('same'))} are the same as far as can be told.`;
  return html`<p>The verdict was “${standingWords[verdict.before]}”, and is “${standingWords[verdict.after]}”. ${sums} A change counts where its interval leaves zero out.</p>
${shown.length === 0 ? null : ratesTable(shown)}
${shown.length < moved.length ? html`<p>These are ${count(shown.length)} of ${count(moved.length)} changes, the worst first.</p>` : null}
${gaps.length === 0 ? null : gapsTable(gaps, plan)}
${notCompared.length === 0 ? null : html`<p>Not compared, as only one of the reports can give their rates: ${notCompared.slice(0, 20).map(names).join('; ')}${notCompared.length > 20 ? '; and others' : ''}.</p>`}`;
}

function ratesTable(rates: readonly RateChange[]): Html {
  return table<RateChange>(
    'Groups that fare better or worse than before',
    [
      { head: 'Group', cell: ({ attributes }) => names(attributes) },
      { head: 'Change', cell: ({ change }) => change },
      { head: 'Rate', cell: ({ rate }) => rateLabels[rate] },
      { head: 'Before', cell: ({ before }) => percent(before), isNumber: true },
      { head: 'After', cell: ({ after }) => percent(after), isNumber: true },
      { head: 'Points', cell: ({ difference, interval }) => points(difference, interval), isNumber: true },
    ],
    rates,
  );
}

function gapsTable(gaps: readonly GapChange[], plan: AuditPlan): Html {
  return table<GapChange>(
    'Gaps between groups, before and after',
    [
      {
        head: 'Compared',
        cell: ({ metric, attribute }) => html`${metric}, by ${attributeWords(attribute, plan)}`,
      },
      { head: 'Change', cell: ({ change }) => change },
      { head: 'Before', cell: ({ before }) => decimal(before), isNumber: true },
      { head: 'After', cell: ({ after }) => decimal(after), isNumber: true },
    ],
    gaps,
  );
}

function names(attributes: RateChange['attributes']): string {
  const parts = Object.entries(attributes).map(([name, value]) => `${isolated(name)} ${groupName(value)}`);
  return parts.join(', ') || 'everybody';
}

function points(difference: number, interval: RateChange['interval']): string {
  return `${signed(difference)} (${signed(interval.lower)} to ${signed(interval.upper)})`;
}

function signed(difference: number): string {
  return `${difference > 0 ? '+' : difference < 0 ? '−' : ''}${decimal(Math.abs(difference) * 100)}`;
}
