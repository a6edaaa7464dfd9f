import type { AttributeInequality, AuditReport, GroupFigure } from '@hansa/fair';
import { dotChart } from '../components/dot-chart.js';
import { fold } from '../components/fold.js';
import { table } from '../components/table.js';
import { absentText, figureText } from '../figure-text.js';
import { count, decimal, percent, points } from '../format.js';
import { type Html, html } from '../html.js';
import { outcomeWords } from '../metric-words.js';
import { attributeWords, groupName, isolated } from '../names.js';

/** How unequal decisions and mistakes are, for each attribute; null where the report has no such part. */
export function inequalitySection({ inequality, plan }: AuditReport): Html | null {
  if (!inequality) return null;
  const { positive } = outcomeWords(plan.outcome);
  const favour = inequality.favourable === 'positive' ? `“${positive}”` : `not to get “${positive}”`;
  return html`<p>These figures inform; they do not decide. The good decision is ${isolated(favour)}. Who gets it without its being true has a benefit of 2, who is judged rightly 1, who is denied it wrongly 0.</p>
${inequality.attributes.map((own, i) =>
  fold(
    `By ${attributeWords(own.attribute, plan)}`,
    null,
    html`${benefits(own)}
${errors(own, `inequality-${i}`)}
${odds(own)}
${disparity(own)}`,
  ),
)}`;
}

function benefits({ theil, secondOrder, coefficientOfVariation }: AttributeInequality): Html {
  const [total, between] = [theil.total, theil.between];
  const sentence =
    total.state === 'value' && between.state === 'value' && total.value > 0
      ? `Of the inequality of benefits (Theil ${decimal(total.value)}) ${percent(between.value / total.value)} lies between the groups; the rest is between people of the same group.`
      : 'The inequality of benefits cannot be divided here; the table gives the reason.';
  return html`<p>${sentence}</p>
${table(
  'Inequality of benefits: 0 is equality',
  [
    { head: 'Measure', cell: ([name]) => name },
    { head: 'All', cell: ([, own]) => figureText(own.total), isNumber: true },
    { head: 'Between groups', cell: ([, own]) => figureText(own.between, small), isNumber: true },
    { head: 'Within groups', cell: ([, own]) => figureText(own.within), isNumber: true },
  ],
  [
    ['Theil (generalised entropy of order 1)', theil] as const,
    ['Generalised entropy of order 2', secondOrder] as const,
  ],
)}
<p class="quiet">Coefficient of variation of the benefits: ${figureText(coefficientOfVariation)}.</p>`;
}

/** Between groups there is often very little. */
const small = (value: number): string => (value > 0 && value < 0.0005 ? 'below 0.001' : decimal(value));

function errors({ attribute, treatmentEquality: { groups, spread } }: AttributeInequality, id: string): Html {
  const told = groups.flatMap(({ group, figure }) =>
    figure.state === 'value' ? [{ group, value: figure.value }] : [],
  );
  const dots = [...told]
    .sort((a, b) => b.value - a.value)
    .map(({ group, value }) => ({ name: group, value, text: decimal(value), interval: null }));
  const title = 'Misses for each false alarm';
  const sentence =
    spread.state === 'value'
      ? `For each false alarm there are ${decimal(spread.high.value)} misses where ${attribute} is ${groupName(spread.high.group)}, the most, and ${decimal(spread.low.value)} where it is ${groupName(spread.low.group)}, the fewest, among groups large enough to judge.`
      : `The kinds of mistakes cannot be compared: ${spread.reason}.`;
  const words = {
    id,
    title,
    description: 'A dot for each group, the most misses first. The table holds the same numbers.',
  };
  const to = Math.max(2, ...told.map(({ value }) => Math.ceil(value)));
  return html`<figure>
<figcaption><b>${title} (treatment equality)</b></figcaption>
<p>${sentence}</p>
${dots.length === 0 ? null : dotChart(dots, { from: 0, to, mark: 1, tick: decimal }, words)}
<p class="reading">How to read it: a dot at 1 means as many misses as false alarms; further right more misses.</p>
${table<GroupFigure>(
  `${title}: the numbers`,
  [
    { head: 'Group', cell: ({ group }) => groupName(group) },
    { head: title, cell: ({ figure }) => figureText(figure), isNumber: true },
  ],
  groups,
)}
</figure>`;
}

function odds({ differentialFairness: { decisions, labels, amplification } }: AttributeInequality): Html {
  const sentence =
    decisions.state === 'value'
      ? `The chances of a decision differ by a factor of up to ${decimal(Math.exp(decisions.epsilon))}, between ${groupName(decisions.groups[0])} and ${groupName(decisions.groups[1])} (ε ${decimal(decisions.epsilon)}). All groups count here, also those too small to judge.`
      : `How far chances differ cannot be said: ${decisions.reason}.`;
  const change =
    amplification.state === 'value'
      ? `The decisions ${amplification.value > 0 ? 'widen' : 'do not widen'} what the labels show (${amplification.value > 0 ? '+' : ''}${decimal(amplification.value)}).`
      : '';
  return html`<p>${sentence} ${change}</p>
${table(
  'Differential fairness: 0 is parity',
  [
    { head: 'Of', cell: ([name]) => name },
    {
      head: 'ε',
      cell: ([, own]) => (own.state === 'value' ? decimal(own.epsilon) : absentText(own)),
      isNumber: true,
    },
    {
      head: 'Between',
      cell: ([, own]) => (own.state === 'value' ? own.groups.map((group) => groupName(group)).join(' and ') : '–'),
    },
  ],
  [['Decisions', decisions] as const, ['Labels', labels] as const],
)}`;
}

function disparity({ demographicDisparity = [] }: AttributeInequality): Html {
  return html`${demographicDisparity.map(({ control, groups }) => {
    const told = groups.flatMap(({ group, conditional }) =>
      conditional.state === 'value' ? [{ group, value: conditional.value }] : [],
    );
    const [first] = told;
    const worst = told.reduce((most, next) => (next.value > (most?.value ?? -1) ? next : most), first);
    const sentence = worst
      ? `Among people with the same ${isolated(control)}, ${groupName(worst.group)} has the largest surplus among those with the bad decision: ${points(worst.value)} percentage points.`
      : 'No group has a figure; the table gives the reasons.';
    return html`<p>${sentence}</p>
${table(
  `Share among those with the bad decision less share among those with the good one, within ${control} (conditional demographic disparity)`,
  [
    { head: 'Group', cell: ({ group }) => groupName(group) },
    { head: `Within ${isolated(control)}`, cell: ({ conditional }) => figureText(conditional, points), isNumber: true },
    { head: 'Over all', cell: ({ marginal }) => figureText(marginal, points), isNumber: true },
    { head: 'Levels', cell: ({ strata }) => count(strata.length), isNumber: true },
  ],
  groups,
)}`;
  })}`;
}
