import type { AdjustedEquivalence, AdjustedTest, AuditReport, ReportTests } from '@hansa/fair';
import { type Column, table } from '../components/table.js';
import { count, counted, decimal, list, percent, percentInterval, points, portion } from '../format.js';
import { type Html, html } from '../html.js';
import { marginWords, metricTitle, rateLabels } from '../metric-words.js';
import { attributeWords, groupName, isolated } from '../names.js';

type Plan = AuditReport['plan'];
type Gap = ReportTests['gaps'][number];
type Figure = Gap['found'];

/** Could it be chance, is it shown to be alike, and what could have been seen at all; nothing where no test was planned. */
export function testsSection({ tests, plan }: AuditReport): Html | null {
  if (tests === undefined) return null;
  const planned = tests.tests.filter(({ family }) => family === 'planned');
  const others = tests.tests.filter(({ family }) => family === 'exploratory');
  const small = tests.gaps.flatMap((gap) => gap.smallGroups.map((group) => ({ gap, ...group })));
  return html`<p>Tests inform and do not decide; margins do. A small p says that chance alone would rarely make such differences. A large one does not say that groups are alike: the second table does.</p>
${table('Could chance alone explain the differences?', testColumns(tests, plan), planned)}
<p class="quiet">${familyWords(tests)}</p>
${table('Is it shown that groups lie within the margins?', equivalenceColumns(tests, plan), tests.equivalences)}
${table('What chance makes, and what could have been found', gapColumns(tests, plan), tests.gaps)}
<p class="quiet">The largest of many gaps is never nothing, even where all groups are treated alike: hold “found” against “by chance alone”. What is smaller than “could be found” may be there and not have shown.</p>
${small.length === 0 ? null : smallTable(small, plan)}
${others.length === 0 ? null : explored(tests, others, plan)}`;
}

function familyWords({ families, alpha }: ReportTests): string {
  const { planned, exploratory } = families;
  const more =
    exploratory.size === 0 ? '' : ` A further ${counted(exploratory.size, 'test is', 'tests are')} exploration.`;
  return `Each p is adjusted for the ${counted(planned.size, 'test', 'tests')} that ${planned.size === 1 ? 'was' : 'were'} planned (Holm 1979): the chance that any of them finds a difference where there is none is at most ${percent(alpha)}.${more}`;
}

function testColumns({ alpha }: ReportTests, plan: Plan): readonly Column<AdjustedTest>[] {
  return [
    {
      head: 'Rate',
      cell: (test) => html`${rateLabels[test.rate]}, by ${attributeWords(test.attribute, plan)}${partWords(test)}`,
    },
    { head: 'Groups', cell: ({ groups }) => count(groups), isNumber: true },
    { head: 'p', cell: ({ result }) => (result.state === 'value' ? pWords(result.p) : '–'), isNumber: true },
    {
      head: 'p, adjusted',
      cell: ({ result }) => (result.state === 'value' ? html`<b>${pWords(result.adjusted)}</b>` : '–'),
      isNumber: true,
    },
    { head: 'In words', cell: (test) => testWords(test, alpha) },
    { head: 'Test', cell: ({ result }) => (result.state === 'value' ? (testNames[result.test] ?? result.test) : '–') },
  ];
}

const testNames: Readonly<Record<string, string>> = {
  'fisher-exact': 'Fisher’s exact test',
  'chi-square': 'Pearson’s chi-square',
  'generalised-mantel-haenszel': 'Cochran, Mantel and Haenszel',
  'breslow-day': 'Breslow and Day, with Tarone’s correction',
  'permutation of the largest gap': 'permutation of the largest gap',
};

function partWords({ stratum, control, between }: AdjustedTest): string {
  const levels = Object.entries(stratum ?? {}).map(([name, level]) => `${isolated(name)} is ${groupName(level, 40)}`);
  const where = levels.length === 0 ? '' : `, where ${list(levels)}`;
  const within = control === undefined ? '' : `, within the levels of ${isolated(control)}`;
  const pair = between === undefined ? '' : `: ${groupName(between[0], 40)} and ${groupName(between[1], 40)}`;
  return `${where}${within}${pair}`;
}

function testWords({ question, result }: AdjustedTest, alpha: number): string {
  if (result.state !== 'value') return `not tested: ${result.reason}`;
  const shown = result.adjusted <= alpha;
  if (question === 'same-gap-in-levels')
    return shown ? 'the gap is not the same in all levels' : 'the gap may be the same in all levels';
  return shown ? 'groups differ by more than chance' : 'may be chance';
}

function equivalenceColumns({ alpha }: ReportTests, plan: Plan): readonly Column<AdjustedEquivalence>[] {
  return [
    {
      head: 'Compared',
      cell: ({ metric, attribute }) => html`${metricTitle(metric, plan)}, by ${attributeWords(attribute, plan)}`,
    },
    { head: 'Margin', cell: ({ metric, margin }) => marginWords(metric, margin), isNumber: true },
    {
      head: 'p, adjusted',
      cell: ({ result }) => (result.state === 'value' ? pWords(result.adjusted) : '–'),
      isNumber: true,
    },
    { head: 'In words', cell: (test) => equivalenceWords(test, alpha) },
  ];
}

function equivalenceWords({ result }: AdjustedEquivalence, alpha: number): Html {
  if (result.state !== 'value') return html`not tested: ${result.reason}`;
  if (result.adjusted <= alpha) return html`<b>shown</b> for every pair of groups`;
  const [one, other] = result.hardest;
  return html`<b>not shown</b>; hardest for ${groupName(one, 40)} and ${groupName(other, 40)}`;
}

function gapColumns({ power }: ReportTests, plan: Plan): readonly Column<Gap>[] {
  const inPoints = (figure: Figure): string => (figure.state === 'value' ? points(figure.value) : '–');
  return [
    { head: 'Rate', cell: ({ rate, attribute }) => html`${rateLabels[rate]}, by ${attributeWords(attribute, plan)}` },
    { head: 'Found, in points', cell: ({ found }) => html`<b>${inPoints(found)}</b>`, isNumber: true },
    { head: 'By chance alone', cell: ({ underNoDifference }) => inPoints(underNoDifference), isNumber: true },
    { head: `Could be found (${percent(power)})`, cell: ({ detectable }) => inPoints(detectable), isNumber: true },
  ];
}

interface Small extends Readonly<Gap['smallGroups'][number]> {
  readonly gap: Gap;
}

function smallTable(small: readonly Small[], plan: Plan): Html {
  return html`<details>
<summary>Groups too small to judge</summary>
${table<Small>(
  'Groups too small to judge: as counted, and drawn towards the others',
  [
    {
      head: 'Group',
      cell: ({ group, gap }) =>
        html`${groupName(group, 40)} <span class="quiet">${rateLabels[gap.rate]}, by ${attributeWords(gap.attribute, plan)}</span>`,
    },
    {
      head: 'As counted',
      cell: ({ k, n, value }) => html`${percent(value)} <span class="quiet">${portion(k, n)}</span>`,
      isNumber: true,
    },
    {
      head: 'Drawn towards the others',
      cell: ({ shrunken }) =>
        html`${percent(shrunken.value)} <span class="quiet">${percentInterval(shrunken.interval)}</span>`,
      isNumber: true,
    },
    { head: 'Weight of its own rows', cell: ({ shrunken }) => percent(shrunken.weight), isNumber: true },
  ],
  small.slice(0, mostSmall),
)}
${small.length > mostSmall ? html`<p>These are the first ${count(mostSmall)} of ${count(small.length)}; report.json has all.</p>` : null}
</details>`;
}

const mostSmall = 50;
const mostExplored = 100;

function explored(tests: ReportTests, others: readonly AdjustedTest[], plan: Plan): Html {
  const p = ({ result }: AdjustedTest): number => (result.state === 'value' ? result.adjusted : 2);
  const sorted = [...others].sort((a, b) => p(a) - p(b));
  return html`<details>
<summary>Tests that nobody planned, for exploration</summary>
<p>Who asks this many questions finds something. Of all differences that are called more than chance here, on average at most ${percent(tests.alpha)} are chance all the same (Benjamini and Hochberg 1995). They are questions for the next audit, not results of this one.</p>
${table('Exploration', testColumns(tests, plan), sorted.slice(0, mostExplored))}
${others.length > mostExplored ? html`<p>These are the ${count(mostExplored)} with the smallest p of ${count(others.length)}; report.json has all.</p>` : null}
</details>`;
}

/** `0.032`, or `below 0.001`. */
function pWords(p: number): string {
  return p < 0.001 ? 'below 0.001' : decimal(p);
}
