import type { AttributeScores, AuditReport, ScoredGroup, ScorePart } from '@hansa/fair';
import { dotChart } from '../components/dot-chart.js';
import { fold } from '../components/fold.js';
import { type Line, lineChart, mostLines } from '../components/line-chart.js';
import { table } from '../components/table.js';
import { absentText, figureText } from '../figure-text.js';
import { count, decimal, decimalInterval, percent, points } from '../format.js';
import { type Html, html } from '../html.js';
import { attributeWords, groupName, isolated } from '../names.js';
import { distancesTable, monthsFigure } from './score-distances.js';

/** How well scores tell positive from negative labels, and whether they mean the same in every group; null without. */
export function scoresSection({ scores, plan }: AuditReport): Html | null {
  if (!scores) return null;
  const { column, grid, withoutScore, everybody } = scores;
  const floor = plan.floors.group;
  const how =
    grid.kind === 'values'
      ? `Each of the ${count(grid.bins)} values that occur is counted for itself.`
      : `Scores are counted in ${count(grid.bins)} bins of one width from ${decimal(grid.lower)} to ${decimal(grid.upper)}; a row counts as the middle of its bin.`;
  return html`<p>These figures are of the scores “${isolated(column)}”, at every threshold. They inform; they do not decide. Lines are drawn of groups large enough to judge; tables have all. ${how}${withoutScore > 0 ? ` ${count(withoutScore)} rows have no score and are left out.` : ''}${plan.weight === undefined ? '' : ' Here each row counts once, whatever its weight.'}${scores.withoutIntervals === undefined ? '' : ` Areas have no interval: ${scores.withoutIntervals}.`}</p>
<p>Everybody: ${aucWords(everybody.auc)}.</p>
${scores.attributes.map((own, i) =>
  fold(
    `By ${attributeWords(own.attribute, plan)}`,
    areasNote(own),
    html`${areas(own, `auc-${i}`)}
${curves(own, `roc-${i}`, floor)}
${reliability(own, scores, `reliability-${i}`, floor)}
${sweep(own, scores, `sweep-${i}`)}
${distancesTable(own, floor)}`,
  ),
)}
${monthsFigure(scores)}`;
}

/** `areas under the ROC curve from 0.66 to 0.70`. */
function areasNote({ aucGap }: AttributeScores): string | null {
  if (aucGap.state !== 'value') return null;
  return `areas under the ROC curve from ${decimal(aucGap.low.value)} to ${decimal(aucGap.high.value)}`;
}

function aucWords(auc: ScoredGroup['auc']): Html {
  if (auc.state !== 'value') return html`the area under the ROC curve is ${absentText(auc)}`;
  const { value, interval, errorBound } = auc;
  return html`the area under the ROC curve is ${decimal(value)}${interval ? ` (${decimalInterval(interval)})` : ''}${errorBound > 0 ? `; binning changes it by at most ${decimal(errorBound)}` : ''}`;
}

/** The largest groups of those that are large enough to judge: a chart has room for few. */
function largest(groups: readonly ScoredGroup[], floor: number): readonly ScoredGroup[] {
  return groups
    .filter(({ n }) => n >= floor)
    .sort((a, b) => b.n - a.n)
    .slice(0, mostLines);
}

function areas({ groups, aucGap, areaBetween }: AttributeScores, id: string): Html {
  const title = 'How well the score ranks people of each group';
  const dots = groups.flatMap(({ group, auc }) =>
    auc.state === 'value'
      ? [{ name: group, value: auc.value, text: decimal(auc.value), interval: auc.interval ?? null }]
      : [],
  );
  const sentence =
    aucGap.state === 'value'
      ? `The score ranks best where the group is ${groupName(aucGap.high.group)} (${decimal(aucGap.high.value)}) and worst where it is ${groupName(aucGap.low.group)} (${decimal(aucGap.low.value)}), among groups large enough to judge.`
      : `There is nothing to compare: ${aucGap.reason}.`;
  const between =
    areaBetween.area.state === 'value'
      ? ` Between the curves of ${areaBetween.groups.map((group) => groupName(group)).join(' and ')} lies an area of ${decimal(areaBetween.area.value)} (ABROCA).`
      : '';
  const from = Math.min(0.5, ...dots.map(({ value, interval }) => Math.floor(10 * (interval?.lower ?? value)) / 10));
  const words = {
    id,
    title,
    description: 'A dot for each group with its interval as a line. The table holds the same numbers.',
  };
  return html`<figure>
<figcaption><b>${title}</b></figcaption>
<p>${sentence}${between}</p>
${dots.length === 0 ? null : dotChart(dots, { from, to: 1, mark: 0.5, tick: decimal }, words)}
<p class="reading">How to read it: the area under the ROC curve is the chance that a random positive scores higher than a random negative of the same group. 1 is perfect; the dotted line at 0.5 is tossing a coin.</p>
${table<ScoredGroup>(
  `${title}: the numbers`,
  [
    { head: 'Group', cell: ({ group }) => groupName(group) },
    { head: 'Rows', cell: ({ n }) => count(n), isNumber: true },
    { head: 'Positives', cell: ({ positives }) => count(positives), isNumber: true },
    { head: 'Area', cell: ({ auc }) => figureText(auc), isNumber: true },
    {
      head: 'Interval (DeLong)',
      cell: ({ auc }) => (auc.state === 'value' && auc.interval ? decimalInterval(auc.interval) : '–'),
      isNumber: true,
    },
    {
      head: 'Its positives against the negatives of others',
      cell: ({ crossAuc }) => figureText(crossAuc.backgroundNegativeSubgroupPositive),
      isNumber: true,
    },
    {
      head: 'Positives of others against its negatives',
      cell: ({ crossAuc }) => figureText(crossAuc.backgroundPositiveSubgroupNegative),
      isNumber: true,
    },
  ],
  groups,
)}
</figure>`;
}

const shares = ['0 %', '25 %', '50 %', '75 %', '100 %'];

function curves({ groups }: AttributeScores, id: string, floor: number): Html {
  const title = 'Hits at the price of false alarms';
  const shown = largest(groups, floor);
  const lines = shown.flatMap(({ group, roc }): readonly Line[] =>
    roc.state === 'value'
      ? [{ name: group, points: roc.points.map((p) => [p.falsePositiveRate, p.truePositiveRate] as const) }]
      : [],
  );
  const description = `A ROC curve for each of ${count(lines.length)} groups: across the false positive rate, up the true positive rate, as the threshold falls.`;
  const axes = {
    across: { title: 'False alarms', ticks: shares },
    up: { title: 'Hits', ticks: shares },
    diagonal: true,
  } as const;
  const rows = lines.length === 0 ? [] : thresholdRows(shown);
  return html`<figure>
<figcaption><b>${title} (ROC)</b></figcaption>
<p>${rocSentence(shown)}</p>
${lines.length === 0 ? null : lineChart(lines, axes, { id, title, description })}
<p class="reading">How to read it: each point of a line is a threshold. Where one line lies above another, that group has more hits for the same false alarms. The dotted line is tossing a coin.</p>
${table(
  `${title}: hits / false alarms at some thresholds`,
  [
    { head: 'Threshold', cell: ({ threshold }) => decimal(threshold), isNumber: true },
    ...shown.map(({ group }, i) => ({
      head: groupName(group, 30),
      cell: ({ rates }: (typeof rows)[number]) => rates[i] ?? '–',
      isNumber: true,
    })),
  ],
  rows,
)}
</figure>`;
}

/** At the middle of the curve of the largest group: what others get for the same threshold. */
function rocSentence(groups: readonly ScoredGroup[]): string {
  const rows = thresholdRows(groups);
  const middle = rows[Math.floor(rows.length / 2)];
  if (!middle) return 'No group that is large enough has positives and negatives, so no curve is drawn.';
  const told = groups.flatMap(({ group }, i) => (middle.rates[i] ? [`${groupName(group)} ${middle.rates[i]}`] : []));
  return `With a threshold of ${decimal(middle.threshold)}, hits and false alarms are: ${told.join('; ')}.`;
}

/** At most eleven thresholds of the largest group's curve, rising, with the rates of every group there. */
function thresholdRows(groups: readonly ScoredGroup[]) {
  const curvesOf = groups.map(({ roc }) => (roc.state === 'value' ? [...roc.points].reverse() : []));
  const all = (curvesOf.find((points) => points.length > 0) ?? []).flatMap(({ threshold }) => threshold ?? []);
  const step = Math.max(1, Math.ceil(all.length / 11));
  return all
    .filter((_, i) => i % step === 0)
    .map((threshold) => ({
      threshold,
      rates: curvesOf.map((points) => {
        // Between two points of a curve nothing changes until the next higher score that occurs.
        const at = points.find((point) => point.threshold === null || point.threshold >= threshold);
        return at ? `${percent(at.truePositiveRate)} / ${percent(at.falsePositiveRate)}` : null;
      }),
    }));
}

function reliability({ groups }: AttributeScores, { grid }: ScorePart, id: string, floor: number): Html {
  const title = 'What came true at each score';
  const shown = largest(groups, floor);
  const width = grid.upper - grid.lower || 1;
  const at = (score: number): number => (score - grid.lower) / width;
  const isShare = grid.lower >= 0 && grid.upper <= 1;
  const lines = shown.map(
    ({ group, reliability: bins }): Line => ({
      name: group,
      points: bins.map(({ score, rate }) => [isShare ? score : at(score), rate] as const),
    }),
  );
  const ends = isShare ? { lower: 0, upper: 1 } : grid;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => decimal(ends.lower + part * (ends.upper - ends.lower)));
  const description = `For each of ${count(lines.length)} groups a line: across the score, up the share whose label is positive.`;
  const axes = {
    across: { title: 'Score', ticks },
    up: { title: 'Truly positive', ticks: shares },
    ...(isShare && { diagonal: true as const }),
  };
  return html`<figure>
<figcaption><b>${title} (calibration)</b></figcaption>
<p>${calibrationSentence(shown)}</p>
${lines.length === 0 ? null : lineChart(lines, axes, { id, title, description })}
<p class="reading">How to read it: where lines lie on one another a score means the same in these groups.${isShare ? ' On the dotted line the score is the share that comes true.' : ''} Bins: ${binningWords(shown[0])}.</p>
${table<ScoredGroup>(
  `${title}: the numbers`,
  [
    { head: 'Group', cell: ({ group }) => groupName(group) },
    { head: 'Expected error (ECE)', cell: ({ calibration }) => figureText(calibration.expectedError), isNumber: true },
    { head: 'Largest error of a bin', cell: ({ calibration }) => figureText(calibration.maximumError), isNumber: true },
    {
      head: 'Mean score less base rate',
      cell: ({ calibration }) => figureText(calibration.inTheLarge),
      isNumber: true,
    },
    { head: 'Slope', cell: ({ calibration }) => figureText(calibration.recalibration.slope), isNumber: true },
    { head: 'Brier', cell: ({ calibration }) => figureText(calibration.brier.brier), isNumber: true },
    { head: 'of it calibration', cell: ({ calibration }) => figureText(calibration.brier.calibration), isNumber: true },
    { head: 'less resolution', cell: ({ calibration }) => figureText(calibration.brier.resolution), isNumber: true },
  ],
  groups,
)}
${table(
  'Share truly positive in each bin of scores',
  [
    { head: 'Group', cell: ({ group }) => groupName(group) },
    { head: 'Mean score', cell: ({ score }) => decimal(score), isNumber: true },
    { head: 'Truly positive', cell: ({ rate }) => percent(rate), isNumber: true },
    { head: 'Rows', cell: ({ n }) => count(n), isNumber: true },
  ],
  shown.flatMap(({ group, reliability: bins }) => bins.map((bin) => ({ group, ...bin }))),
)}
</figure>`;
}

function binningWords(group: ScoredGroup | undefined): string {
  const { binning } = group?.calibration ?? {};
  if (!binning || binning.kind === 'grid') return 'one for each score';
  const bins = `${count(binning.bins)} of`;
  return binning.kind === 'equal-mass'
    ? `${bins} about as many rows`
    : `${bins} one width from ${decimal(binning.lower)} to ${decimal(binning.upper)}`;
}

function calibrationSentence(groups: readonly ScoredGroup[]): string {
  const told = groups.flatMap(({ group, calibration: { expectedError } }) =>
    expectedError.state === 'value' ? [{ group, value: expectedError.value }] : [],
  );
  const [first] = told;
  const reason = groups[0]?.calibration.expectedError;
  if (!first)
    return `The scores have no calibration error (${reason && reason.state !== 'value' ? reason.reason : 'no group is large enough'}), but the same score may still mean other things in other groups.`;
  const worst = told.reduce((most, next) => (next.value > most.value ? next : most), first);
  return `The scores are farthest from what came true where the group is ${groupName(worst.group)}: ${points(worst.value)} percentage points on average.`;
}

function sweep({ sweep: steps }: AttributeScores, { grid }: ScorePart, id: string): Html {
  const title = 'Gaps between groups at every threshold';
  const width = grid.upper - grid.lower || 1;
  const line = (name: string, rate: 'selectionRate' | 'truePositiveRate' | 'falsePositiveRate'): Line => ({
    name,
    points: steps.flatMap(({ threshold, [rate]: gap }) =>
      gap.state === 'value' ? [[(threshold - grid.lower) / width, gap.difference] as const] : [],
    ),
  });
  const named = [
    ['Answered positive', 'selectionRate'],
    ['Hits', 'truePositiveRate'],
    ['False alarms', 'falsePositiveRate'],
  ] as const;
  const lines = named.map(([name, rate]) => line(name, rate)).filter(({ points: some }) => some.length > 0);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => decimal(grid.lower + part * width));
  const description =
    'A line for each of three rates: across the threshold, up the difference between the groups with the highest and the lowest rate.';
  const step = Math.max(1, Math.ceil(steps.length / 21));
  const widest = steps.reduce<{ threshold: number; difference: number } | null>(
    (most, { threshold, falsePositiveRate: gap }) =>
      gap.state === 'value' && gap.difference > (most?.difference ?? -1)
        ? { threshold, difference: gap.difference }
        : most,
    null,
  );
  const sentence = widest
    ? `The gap in false alarms is widest, ${points(widest.difference)} percentage points, with a threshold of ${decimal(widest.threshold)}; another threshold changes whom mistakes meet.`
    : 'Fewer than two groups are large enough, so there is no gap at any threshold.';
  return html`<figure>
<figcaption><b>${title}</b></figcaption>
<p>${sentence}</p>
${lines.length === 0 ? null : lineChart(lines, { across: { title: 'Threshold', ticks }, up: { title: 'Gap', ticks: shares } }, { id, title, description })}
<p class="reading">How to read it: a score from the threshold on would be positive. At 0 the groups have the same rate. Only groups large enough to judge are compared.</p>
${table<(typeof steps)[number]>(
  `${title}: percentage points`,
  [
    { head: 'Threshold', cell: ({ threshold }) => decimal(threshold), isNumber: true },
    ...named.map(([head, rate]) => ({
      head,
      cell: ({ [rate]: gap }: (typeof steps)[number]) =>
        gap.state === 'value'
          ? html`${points(gap.difference)} <span class="quiet">${groupName(gap.high.group, 20)} over ${groupName(gap.low.group, 20)}</span>`
          : absentText(gap),
      isNumber: true,
    })),
  ],
  steps.filter((_, i) => i % step === 0),
)}
</figure>`;
}
