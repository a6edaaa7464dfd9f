import type { ClassPart, ClassRates, GroupClasses, Rate, TaskReport } from '@hansa/fair';
import { type Dot, dotChart } from '../components/dot-chart.js';
import { table } from '../components/table.js';
import { absentText } from '../figure-text.js';
import { count, decimal, decimalInterval, percent, percentInterval } from '../format.js';
import { type Html, html } from '../html.js';
import { attributeWords, groupName } from '../names.js';
import { rateText } from '../rate-text.js';
import { gapSentence } from '../task-words.js';
import { gapTable } from './task-gaps.js';

type Attribute = ClassPart['attributes'][number];

/** Beyond these a page is no help; the report as data has all. */
const mostGroups = 24;
const mostClasses = 12;

/** Decisions among classes, group by group; null where the report is about another task. */
export function classesSection({ classes: part, plan }: TaskReport): Html | null {
  if (!part) return null;
  const { attributes, everybody } = part;
  return html`<p>Each row has one true class and one answer, of ${count(part.classes.length)} classes. Recall of a class: of those who truly are of it, how many get it as an answer. Precision: of those who get it, how many truly are.</p>
<h3>Everybody</h3>
${confusion(everybody, part.classes)}
${attributes.map(
  (own, i) => html`<h3>By ${attributeWords(own.attribute, plan)}</h3>
${accuracyFigure(own, `accuracy-${i}`)}
${part.classes.slice(0, mostClasses).map((_, c) => recallFigure(own, c, `recall-${i}-${c}`))}
${part.classes.length > mostClasses ? html`<p class="quiet">Of ${count(part.classes.length - mostClasses)} further classes figures stand in report.json, and their gaps in the table below.</p>` : null}
${gapTable(`All gaps by ${own.attribute}`, own.gaps)}
<details><summary>Tables of labels and answers in every group</summary>
${own.groups.slice(0, mostGroups).map((group) => confusion(group, part.classes))}
</details>
`,
)}`;
}

const shareTick = (at: number): string => percent(at);

function dotsOf(groups: readonly GroupClasses[], rate: (group: GroupClasses) => Rate | undefined): readonly Dot[] {
  return groups
    .flatMap((group) => {
      const own = rate(group);
      return own?.state === 'value'
        ? [{ name: group.group, value: own.value, text: percent(own.value), interval: own.interval }]
        : [];
    })
    .sort((a, b) => b.value - a.value);
}

function accuracyFigure({ attribute, groups, gaps }: Attribute, id: string): Html {
  const title = 'How often the answer is right';
  const gap = gaps.find(({ metric }) => metric === 'accuracyDifference');
  const dots = dotsOf(groups, ({ accuracy }) => accuracy);
  const words = {
    id,
    title: `${title}, by ${attribute}`,
    description: 'A dot for each group with its interval as a line. The table holds the same numbers.',
  };
  const average = (name: keyof GroupClasses['averages']) => (group: GroupClasses) => {
    const own = group.averages[name];
    return own.state === 'value'
      ? html`${decimal(own.value)} <span class="quiet">${decimalInterval(own.interval)}</span>`
      : absentText(own);
  };
  return html`<figure>
<figcaption><b>${title} (accuracy)</b></figcaption>
<p>${gap ? gapSentence(gap) : ''}</p>
${dots.length === 0 ? null : dotChart(dots, { from: 0, to: 1, mark: null, tick: shareTick }, words)}
<p class="reading">How to read it: a mean over classes (macro) counts a rare class as much as a frequent one; weighted means count classes as often as they are true.</p>
${table<GroupClasses>(
  `${title}, and averages over classes, by ${attribute}`,
  [
    { head: 'Group', cell: ({ group }) => groupName(group) },
    { head: 'Rows', cell: ({ n }) => count(n), isNumber: true },
    { head: 'Right', cell: ({ accuracy }) => rateText(accuracy).value, isNumber: true },
    { head: 'Interval', cell: ({ accuracy }) => rateText(accuracy).interval, isNumber: true },
    { head: 'Mean recall', cell: average('macroRecall'), isNumber: true },
    { head: 'Mean precision', cell: average('macroPrecision'), isNumber: true },
    { head: 'Mean F1', cell: average('macroF1'), isNumber: true },
    { head: 'Weighted precision', cell: average('weightedPrecision'), isNumber: true },
    { head: 'Weighted F1', cell: average('weightedF1'), isNumber: true },
  ],
  groups,
)}
</figure>`;
}

interface ClassLine {
  readonly group: GroupClasses;
  readonly rates: ClassRates;
}

function recallFigure({ attribute, groups, gaps }: Attribute, c: number, id: string): Html {
  const lines = groups.flatMap((group): readonly ClassLine[] => {
    const rates = group.rates[c];
    return rates ? [{ group, rates }] : [];
  });
  const name = lines[0]?.rates.class ?? '';
  const title = `“${groupName(name, 60)}” against all others`;
  const gap = gaps.find(({ metric, class: own }) => metric === 'equalOpportunityDifference' && own === name);
  const dots = dotsOf(groups, ({ rates }) => rates[c]?.recall);
  const words = {
    id,
    title: `Recall of ${title}, by ${attribute}`,
    description: 'A dot for each group with its interval as a line. The table holds the same numbers.',
  };
  const cell = (of: (rates: ClassRates) => Rate) => (line: ClassLine) => {
    const rate = of(line.rates);
    if (rate.state !== 'value') return absentText(rate);
    return html`${percent(rate.value)} <span class="quiet">${percentInterval(rate.interval)}, ${count(rate.k)} of ${count(rate.n)}</span>`;
  };
  return html`<figure>
<figcaption><b>${title}: recall</b></figcaption>
<p>${gap ? gapSentence(gap) : ''}</p>
${dots.length === 0 ? null : dotChart(dots, { from: 0, to: 1, mark: null, tick: shareTick }, words)}
${table<ClassLine>(
  `${title}, by ${attribute}`,
  [
    { head: 'Group', cell: ({ group }) => groupName(group.group) },
    { head: 'Recall', cell: cell(({ recall }) => recall), isNumber: true },
    { head: 'Precision', cell: cell(({ precision }) => precision), isNumber: true },
    { head: 'Is the answer', cell: cell(({ selectionRate }) => selectionRate), isNumber: true },
    { head: 'False alarms', cell: cell(({ falsePositiveRate }) => falsePositiveRate), isNumber: true },
    { head: 'Truly so', cell: cell(({ baseRate }) => baseRate), isNumber: true },
  ],
  lines,
)}
</figure>`;
}

/** Labels against answers in one group. */
function confusion({ group, n, table: rows }: GroupClasses, classes: readonly string[]): Html {
  return table(
    `${groupName(group)}: ${count(n)} rows by their true class (rows of the table) and the answer (columns)`,
    [
      { head: 'True class', cell: ({ name }: { name: string; cells: readonly number[] }) => groupName(name, 40) },
      ...classes.map((name, c) => ({
        head: groupName(name, 40),
        cell: ({ cells }: { cells: readonly number[] }) => count(cells[c] ?? 0),
        isNumber: true,
      })),
    ],
    classes.map((name, label) => ({ name, cells: rows[label] ?? [] })),
  );
}
