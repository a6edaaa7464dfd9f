import {
  type AuditReport,
  type Comparison,
  type HeadlineComparison,
  isHeadline,
  type VerdictReason,
} from '@hansa/fair';
import { standingSymbol } from '../components/standing-badge.js';
import { table } from '../components/table.js';
import { decimal, decimalInterval, percent, portion } from '../format.js';
import { type Html, html } from '../html.js';
import { marginWords, metricTitle, rateLabels } from '../metric-words.js';

interface Line {
  readonly comparison: HeadlineComparison;
  readonly reason: VerdictReason | undefined;
}

/** The planned comparisons, which decide; then every other figure, which does not. */
export function comparisonsSection(report: AuditReport): Html {
  const { comparisons, verdict, plan } = report;
  const lines = comparisons.filter(isHeadline).map((comparison): Line => {
    const { metric, attribute, groups } = comparison;
    const isSame = (r: VerdictReason): boolean => r.metric === metric && r.attribute === attribute;
    return { comparison, reason: groups === 'judged' ? verdict.reasons.find(isSame) : undefined };
  });
  const deciding = lines.filter(({ reason }) => reason !== undefined);
  const others = lines.filter(({ reason }) => reason === undefined);
  return html`<p>The gap of a metric is that between the group that is worst off and the one that is best off.</p>
${table<Line>('Comparisons that decide the verdict', columns(report, true), deciding)}
<details>
<summary>All other comparisons, for information</summary>
<p>These figures do not decide. “All groups” also counts groups that are too small to judge, so one small group can make the figure. A ratio of 1 and a difference of 0 mean that groups are alike.</p>
${table<Line>(`Other comparisons under a plan for ${plan.outcome.name}`, columns(report, false), others)}
</details>`;
}

function columns({ plan }: AuditReport, isDeciding: boolean) {
  return [
    {
      head: 'Compared',
      cell: ({ comparison }: Line) =>
        html`${metricTitle(comparison.metric, plan)}, by ${comparison.attribute} <code>${comparison.metric}</code>`,
    },
    ...(isDeciding
      ? []
      : [
          {
            head: 'Groups',
            cell: ({ comparison }: Line) => (comparison.groups === 'all' ? 'all groups' : 'judged groups'),
          },
        ]),
    { head: 'Worst off', cell: ({ comparison }: Line) => groupOf(comparison, 'worst') },
    { head: 'Best off', cell: ({ comparison }: Line) => groupOf(comparison, 'best') },
    { head: 'Gap', cell: ({ comparison }: Line) => gapOf(comparison), isNumber: true },
    { head: 'Interval', cell: ({ comparison }: Line) => intervalOf(comparison), isNumber: true },
    ...(isDeciding
      ? [
          {
            head: 'Margin',
            cell: ({ reason }: Line) => (reason ? marginWords(reason.metric, reason.margin) : '–'),
            isNumber: true,
          },
          { head: 'Judgement', cell: ({ reason }: Line) => judgementOf(reason) },
        ]
      : []),
  ];
}

function groupOf(comparison: Comparison, side: 'worst' | 'best'): Html {
  if (comparison.state !== 'value') return html`–`;
  const { group, k, n, value } = comparison[side];
  return html`${group}: ${percent(value)} <span class="quiet">${portion(k, n)}</span>`;
}

function gapOf(comparison: Comparison): Html {
  if (comparison.state !== 'value') return html`– <span class="quiet">${comparison.reason}</span>`;
  const { contrast, value, rate } = comparison;
  return html`<b>${decimal(value)}</b> <span class="quiet">${contrast} in: ${rateLabels[rate]}</span>`;
}

function intervalOf(comparison: Comparison): string {
  return comparison.state !== 'value' ? '–' : decimalInterval(comparison.interval);
}

function judgementOf(reason: VerdictReason | undefined): Html {
  if (reason === undefined) return html`–`;
  if (reason.outcome === 'insufficient-data') return html`${standingSymbol(reason.outcome)} not judged`;
  const words = reason.outcome === 'pass' ? 'kept' : 'broken';
  const certainty = reason.survivesInterval ? 'also at the ends of the interval' : 'within the reach of chance';
  return html`${standingSymbol(reason.outcome)} ${words} <span class="quiet">${certainty}</span>`;
}
