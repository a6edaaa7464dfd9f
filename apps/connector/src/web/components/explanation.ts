import type { Contribution } from '@hansa/explain';
import { count, type Html, html, table } from '@hansa/report';
import type { ExplanationView } from '../audit-view.js';
import { contributionChart, signed } from './contribution-chart.js';

/** Why the model answered as it did in one case: in words, as a chart and as a table. */
export function explanationBlock({ explanation, sentences }: ExplanationView): Html {
  const contributions = [...explanation.contributions].sort(
    (a, b) => Math.abs(b.contribution) - Math.abs(a.contribution),
  );
  const { backgroundRows, additivityError } = explanation;
  return html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>
<figure>
<figcaption><b>What moved the answer</b></figcaption>
${contributionChart(contributions, 'contributions')}
<p class="reading">How to read it: a bar to the right is something about this case that raised the answer, a bar to the left something that lowered it, compared with ${count(backgroundRows)} other cases. Longer bars weigh more; all of them together make the difference.</p>
${table<Contribution>(
  'What moved the answer: the numbers',
  [
    { head: 'Feature', cell: ({ feature }) => feature },
    { head: 'Value in this case', cell: ({ value }) => value },
    { head: 'Contribution', cell: ({ contribution }) => signed(contribution), isNumber: true },
  ],
  contributions,
)}
</figure>
<p class="quiet">Average and contributions together miss the answer by ${additivityError.toExponential(1)}.</p>`;
}
