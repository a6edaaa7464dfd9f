import {
  type AuditReport,
  type Comparison,
  comparedBy,
  type HumanBaseline,
  type PairedTest,
  type Rate,
} from '@hansa/fair';
import { table } from '../components/table.js';
import { count, counted, decimal, decimalInterval, list, percent, points } from '../format.js';
import { type Html, html } from '../html.js';
import { metricTitle, outcomeWords, rateLabels } from '../metric-words.js';
import { attributeWords, groupName, isolated, partsOf } from '../names.js';
import { rateText } from '../rate-text.js';

/** Larger tables nobody reads on a page; the report as data has all. */
const mostLines = 400;

interface Line {
  readonly group: string;
  readonly model: Rate;
  readonly people: Rate;
  readonly test: PairedTest;
}

/** What people decided about the same rows, beside the audited decisions; null where that is not known. */
export function humanBaselineSection(report: AuditReport): Html | null {
  const { humanBaseline: baseline, plan } = report;
  if (baseline === undefined) return null;
  const { cases } = outcomeWords(plan.outcome);
  const { tests, leftOut, rows, column } = baseline;
  const left =
    leftOut === 0 ? '' : ` About ${count(leftOut)} more ${isolated(cases)} of this report people did not decide.`;
  return html`<p>About ${count(rows)} ${isolated(cases)} people had decided as well (column “${isolated(column)}”, positive: ${list(baseline.positive.map((value) => `“${isolated(value)}”`))}). Here both sides are held against each other on these same ${isolated(cases)}.${left} Whether people decided well is a question of its own.</p>
<p>${reading(baseline, plan)}</p>
${table<HumanBaseline['gaps'][number]>(
  'Gaps between groups, by the model and by people',
  [
    {
      head: 'Gap',
      cell: ({ metric, attribute }) => `${metricTitle(metric, plan)}, by ${attributeWords(attribute, plan)}`,
    },
    { head: 'Model', cell: ({ model }) => gapText(model), isNumber: true },
    { head: 'People', cell: ({ people }) => gapText(people), isNumber: true },
  ],
  baseline.gaps,
)}
${rateTable(baseline, [], 'Everybody: the model and people', plan)}
${comparedBy(plan).map((attribute) =>
  rateTable(baseline, partsOf(attribute, plan), `By ${attributeWords(attribute, plan)}: the model and people`, plan),
)}
<p class="reading">How to read it: “only the model” are cases that the model alone decided positive (in the last line of a group: rightly), “only people” those that people alone did; on all others they agree. The difference is the model’s rate less that of people, in percentage points, with Bonett and Price’s interval for the same cases seen twice. McNemar’s exact test asks whether cases fall equally often on either side; its p allows for all ${counted(tests.size, 'test', 'tests')} of this section (Holm).</p>`;
}

/** How often both sides differ, and for how many groups that is more than chance. */
function reading({ tests }: HumanBaseline, { level }: AuditReport['plan']): string {
  const [everybody] = tests.comparisons;
  const apart =
    everybody?.state === 'value'
      ? `The model and people differ on ${percent((everybody.onlyModel + everybody.onlyPeople) / everybody.n)} of the cases: on ${count(everybody.onlyModel)} the model alone says yes, on ${count(everybody.onlyPeople)} people alone do. `
      : '';
  const sure = tests.comparisons.filter(
    (t) => t.state === 'value' && t.test.state === 'value' && t.test.adjusted <= 1 - level,
  );
  return `${apart}In ${count(sure.length)} of ${counted(tests.comparisons.length, 'comparison', 'comparisons')} the two are further apart than chance alone explains.`;
}

function rateTable(
  { slices, tests }: HumanBaseline,
  attributes: readonly string[],
  caption: string,
  { level }: AuditReport['plan'],
): Html | null {
  const isOwn = (own: Readonly<Record<string, string>>) =>
    Object.keys(own).length === attributes.length && attributes.every((name) => Object.hasOwn(own, name));
  const known = new Map(slices.map((slice) => [keyOf(slice.attributes), slice]));
  const lines = tests.comparisons.flatMap((test): readonly Line[] => {
    const slice = known.get(keyOf(test.attributes));
    if (!isOwn(test.attributes) || slice === undefined) return [];
    const group = attributes.map((name) => test.attributes[name] ?? '').join(', ');
    return [{ group, model: slice.model.rates[test.rate], people: slice.people.rates[test.rate], test }];
  });
  if (lines.length === 0) return null;
  const shown = lines.slice(0, mostLines);
  const left = lines.length - shown.length;
  return html`${table<Line>(
    caption,
    [
      ...(attributes.length > 0 ? [{ head: 'Group', cell: ({ group }: Line) => groupName(group) }] : []),
      { head: 'Rate', cell: ({ test }) => rateLabels[test.rate] },
      { head: 'Model', cell: ({ model }) => rateText(model).value, isNumber: true },
      { head: 'People', cell: ({ people }) => rateText(people).value, isNumber: true },
      { head: 'Cases', cell: ({ test }) => (test.state === 'value' ? count(test.n) : '0'), isNumber: true },
      {
        head: 'Only the model',
        cell: ({ test }) => (test.state === 'value' ? count(test.onlyModel) : '–'),
        isNumber: true,
      },
      {
        head: 'Only people',
        cell: ({ test }) => (test.state === 'value' ? count(test.onlyPeople) : '–'),
        isNumber: true,
      },
      {
        head: `Difference (${decimal(level * 100)} % interval)`,
        cell: ({ test }) => differenceText(test),
        isNumber: true,
      },
      { head: 'p', cell: ({ test }) => pText(test), isNumber: true },
    ],
    shown,
  )}
${left > 0 ? html`<p class="quiet">${count(left)} more lines stand in report.json.</p>` : null}`;
}

function keyOf(attributes: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function gapText(comparison: Comparison): string {
  if (comparison.state !== 'value') return comparison.reason;
  return `${decimal(comparison.value)} (${decimalInterval(comparison.interval)})`;
}

function differenceText(test: PairedTest): string {
  if (test.state !== 'value') return test.reason;
  return `${points(test.difference)} (${points(test.interval.lower)} to ${points(test.interval.upper)})`;
}

function pText(test: PairedTest): string {
  if (test.state !== 'value' || test.test.state !== 'value') return '–';
  const { adjusted } = test.test;
  return adjusted < 0.001 ? '< 0.001' : adjusted.toFixed(3);
}
