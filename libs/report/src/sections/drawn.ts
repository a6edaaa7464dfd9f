import type { AuditReport, DrawnGap } from '@hansa/fair';
import { table } from '../components/table.js';
import { absentText } from '../figure-text.js';
import { count, decimal, decimalInterval } from '../format.js';
import { type Html, html } from '../html.js';
import { metricTitle } from '../metric-words.js';
import { attributeWords } from '../names.js';

/** How the planned figures vary in tables drawn anew; null where nothing was drawn. */
export function drawnSection({ drawn, plan }: AuditReport): Html | null {
  if (!drawn) return null;
  return html`<p>Drawn ${count(drawn.replicates)} times from seed ${drawn.seed} of the plan (${drawn.generator}): as many rows as there are, with replacement, and the planned figures of each such table. They inform; they do not decide. Each draw adds noise to noise, so they err towards large gaps.</p>
${table<DrawnGap>(
  'The planned figures in tables drawn anew',
  [
    {
      head: 'Compared',
      cell: ({ metric, attribute }) => `${metricTitle(metric, plan)}, by ${attributeWords(attribute, plan)}`,
    },
    {
      head: `${decimal(plan.level * 100)} % of the draws`,
      cell: ({ bootstrap }) => (bootstrap.state === 'value' ? decimalInterval(bootstrap) : absentText(bootstrap)),
      isNumber: true,
    },
    {
      head: 'Draws without the figure',
      cell: ({ bootstrap }) => (bootstrap.state === 'value' ? count(bootstrap.undefinedReplicates) : '–'),
      isNumber: true,
    },
  ],
  drawn.gaps,
)}`;
}
