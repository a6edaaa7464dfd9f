import {
  type AuditReport,
  type Comparison,
  comparedBy,
  contrastOf,
  type HeadlineComparison,
  isHeadline,
  ratesOfMetric,
  type VerdictReason,
} from '@hansa/fair';
import { standingSymbol } from '../components/standing-badge.js';
import { type Column, table } from '../components/table.js';
import { decimal, decimalInterval, list, oneDecimal, percent, portion } from '../format.js';
import { type Html, html } from '../html.js';
import { marginWords, metricTitle, rateLabels } from '../metric-words.js';
import { attributeWords, groupName, isolated } from '../names.js';

/** The planned comparisons, which decide; then every other figure, which does not. */
export function comparisonsSection(report: AuditReport): Html {
  return html`<p>The gap of a metric is that between the group that is worst off and the one that is best off.</p>
${table<Deciding>('Comparisons that decide the verdict', decidingColumns(report), decidingLines(report))}
<details>
<summary>All comparisons, for information</summary>
<p>These figures do not decide. “All groups” also counts groups that are too small to judge, so one small group can make the figure. A difference of 0 and a ratio of 1 mean that groups are alike.</p>
${table<Gaps>('Gaps between groups in every rate', gapColumns(report), gapLines(report))}
</details>`;
}

interface Deciding {
  readonly comparison: HeadlineComparison;
  readonly reason: VerdictReason;
}

function decidingLines({ comparisons, verdict }: AuditReport): readonly Deciding[] {
  const judged = comparisons.filter(isHeadline).filter(({ groups }) => groups === 'judged');
  return judged.flatMap((comparison) => {
    const { metric, attribute } = comparison;
    const reason = verdict.reasons.find((r) => r.metric === metric && r.attribute === attribute);
    return reason ? [{ comparison, reason }] : [];
  });
}

function decidingColumns({ plan }: AuditReport): readonly Column<Deciding>[] {
  return [
    {
      head: 'Compared',
      cell: ({ comparison }) =>
        html`${metricTitle(comparison.metric, plan)}, by ${attributeWords(comparison.attribute, plan)} <code>${comparison.metric}</code>`,
    },
    { head: 'Worst off', cell: ({ comparison }) => groupOf(comparison, 'worst') },
    { head: 'Best off', cell: ({ comparison }) => groupOf(comparison, 'best') },
    { head: 'Gap', cell: ({ comparison }) => gapOf(comparison), isNumber: true },
    {
      head: 'Interval',
      cell: ({ comparison }) => html`${intervalOf(comparison)}${simultaneously(comparison)}`,
      isNumber: true,
    },
    { head: 'Margin', cell: ({ reason }) => marginWords(reason.metric, reason.margin), isNumber: true },
    { head: 'Judgement', cell: ({ reason }) => judgementOf(reason) },
  ];
}

function groupOf(comparison: Comparison, side: 'worst' | 'best'): Html {
  if (comparison.state !== 'value') return html`–`;
  const { group, k, n, value, effective } = comparison[side];
  const rows = effective === undefined ? portion(k, n) : `${portion(k, n)} rows, as ${oneDecimal(effective)}`;
  return html`${groupName(group, 40)}: ${percent(value)} <span class="quiet">${rows}</span>`;
}

function gapOf(comparison: Comparison): Html {
  if (comparison.state !== 'value') return html`– <span class="quiet">${comparison.reason}</span>`;
  const { contrast, value, rate } = comparison;
  return html`<b>${decimal(value)}</b> <span class="quiet">${contrast} in: ${rateLabels[rate]}</span>`;
}

function intervalOf(comparison: Comparison): string {
  return comparison.state === 'value' ? decimalInterval(comparison.interval) : '–';
}

/** The interval that allows for having picked the extremes, where the report has one. */
function simultaneously(comparison: Comparison): Html | null {
  if (comparison.state !== 'value' || comparison.simultaneous === undefined) return null;
  return html` <span class="quiet">${decimalInterval(comparison.simultaneous)} for all groups at once</span>`;
}

function judgementOf(reason: VerdictReason): Html {
  if (reason.outcome === 'insufficient-data')
    return html`${standingSymbol(reason.outcome)} not judged <span class="quiet">${isolated(reason.text)}</span>`;
  const words = reason.outcome === 'pass' ? 'kept' : 'broken';
  const certainty = reason.survivesInterval ? 'also at the ends of the interval' : 'within the reach of chance';
  return html`${standingSymbol(reason.outcome)} ${words} <span class="quiet">${certainty}</span>`;
}

/** Difference and ratio of the same rates between the same groups. */
interface Gaps {
  readonly attribute: string;
  readonly groups: string;
  readonly rates: string;
  readonly difference: HeadlineComparison;
  readonly ratio: HeadlineComparison | undefined;
}

function gapLines({ comparisons, plan }: AuditReport): readonly Gaps[] {
  const headlines = comparisons.filter(isHeadline);
  return comparedBy(plan).flatMap((attribute) => {
    const own = headlines.filter((comparison) => comparison.attribute === attribute);
    return own.flatMap((difference): readonly Gaps[] => {
      const { metric, groups } = difference;
      if (contrastOf(metric) !== 'difference') return [];
      const isSame = (other: HeadlineComparison): boolean => stem(other) === stem(difference);
      const twin = own.find((other) => isSame(other) && other.metric === metric && other.groups !== groups);
      const isAlike = twin?.leftOut.length === difference.leftOut.length;
      if (isAlike && groups === 'judged') return [];
      const ratio = own.find((other) => isSame(other) && other.metric !== metric && other.groups === groups);
      const named = isAlike ? 'all groups' : groups === 'all' ? 'all groups, also small ones' : 'judged groups';
      const rates = list(ratesOfMetric(metric).map((rate) => rateLabels[rate]));
      return [{ attribute, groups: named, rates, difference, ratio }];
    });
  });
}

/** What a metric's difference and ratio have in common. */
function stem({ metric }: HeadlineComparison): string {
  return metric.replace(/(?:Difference|Ratio)$/, '');
}

function gapColumns({ plan }: AuditReport): readonly Column<Gaps>[] {
  return [
    { head: 'Rate', cell: ({ rates, attribute }) => `${rates}, by ${attributeWords(attribute, plan)}` },
    { head: 'Groups', cell: ({ groups }) => groups },
    { head: 'Highest', cell: ({ difference }) => extreme(difference, 'highest') },
    { head: 'Lowest', cell: ({ difference }) => extreme(difference, 'lowest') },
    { head: 'Difference', cell: ({ difference }) => figure(difference), isNumber: true },
    { head: 'Ratio', cell: ({ ratio }) => (ratio ? figure(ratio) : '–'), isNumber: true },
  ];
}

/** A higher rate is not always the better one, so the ends are called by their size. */
function extreme(comparison: Comparison, end: 'highest' | 'lowest'): Html {
  if (comparison.state !== 'value') return html`–`;
  const [high, low] =
    comparison.worst.value > comparison.best.value ? (['worst', 'best'] as const) : (['best', 'worst'] as const);
  return groupOf(comparison, end === 'highest' ? high : low);
}

function figure(comparison: HeadlineComparison): Html {
  if (comparison.state !== 'value') return html`– <span class="quiet">${comparison.reason}</span>`;
  const { metric, rate, value } = comparison;
  const which = ratesOfMetric(metric).length > 1 ? `${rateLabels[rate]}: ` : '';
  return html`<b>${decimal(value)}</b> <span class="quiet">${which}${intervalOf(comparison)}</span>`;
}
