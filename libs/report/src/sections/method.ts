import type { AuditPlan, AuditReport } from '@hansa/fair';
import { facts, time } from '../components/facts.js';
import { list, minute } from '../format.js';
import { type Html, html } from '../html.js';
import { isolated } from '../names.js';

const methods: Readonly<Record<NonNullable<AuditReport['method'][keyof AuditReport['method']]>, string>> = {
  wilson: 'Wilson score intervals (Wilson 1927)',
  newcombe: 'Newcombe’s hybrid score intervals (Newcombe 1998, method 10)',
  koopman: 'Koopman’s score intervals (Koopman 1984)',
  'effective-rows':
    'rates are shares of weight; their intervals take as many rows as would tell as much if all had equal weight: the smaller of Kish’s (Σw)² / Σw² and Korn and Graubard’s (1998) p(1 − p) / variance, in Wilson’s interval as studied by Dean and Pagano (2015)',
  linearised:
    'rows of a cluster may be alike: variances are linearised over clusters, and intervals and tests take as many rows as would tell as much if they were unrelated (Rao and Scott 1992), lowered for few clusters by Student’s t (Korn and Graubard 1998); where clusters have rows of several groups, gaps allow for that, too',
  fairlearn:
    'as in fairlearn: largest minus smallest, or smallest over largest; a group without a rate is named instead of counted as 0',
};

/** How the figures were computed, by what and when. */
export function methodSection({ method, software, at }: AuditReport): Html {
  return html`<p>All figures are computed from counts of right and wrong answers in each group. No row of the data is part of this report.</p>
${facts([
  ['Rates', methods[method.rates]],
  ['Differences', methods[method.differences]],
  ['Ratios', methods[method.ratios]],
  ['Comparisons', methods[method.convention]],
  ['Weights', method.weights === undefined ? null : methods[method.weights]],
  ['Clusters', method.clusters === undefined ? null : methods[method.clusters]],
  ['Software', `${software.name} ${software.version}`],
  ['Date of the report', at === undefined ? null : time(new Date(at), minute)],
])}`;
}

function crossings({ attributes, intersections = [] }: AuditPlan): string {
  if (attributes.length === 1 && intersections.length === 0) return 'Groups were compared by one attribute.';
  if (intersections.length === 0) return 'Groups were compared by one attribute at a time.';
  return `Groups were compared by one attribute at a time, and where ${list(intersections.map((parts) => isolated(list(parts))))} cross; other combinations were not.`;
}

/** What follows from the method and holds for every report made by it. */
export function limitsSection({ plan, comparisons }: AuditReport): Html {
  const simultaneous = comparisons.some((one) => one.state === 'value' && one.simultaneous !== undefined);
  return html`<ul>
<li>A pass does not prove that the model is right, useful or lawful. It says that on these data the gaps between these groups kept to these margins.</li>
<li>${crossings(plan)} People who belong to several disadvantaged groups at once may fare worse than any figure here shows.</li>
<li>Why groups differ was not examined: a gap can have many causes, and this report names none.</li>
<li>What counts as true is what the data say. If they are wrong for some groups more than for others, so is this report.</li>
<li>The intervals are those of two groups. They are not widened for having picked the extremes of many, so with many groups they err towards certainty.${simultaneous ? ' Only those marked as “for all groups at once” allow for that.' : ''}</li>
<li>Another version of the model, other data or another threshold need another audit.</li>
</ul>`;
}
