import type { TaskGap, TaskPlan, TaskReason } from '@hansa/fair';
import { standingSymbol } from '../components/standing-badge.js';
import { table } from '../components/table.js';
import { absentText } from '../figure-text.js';
import { count, decimal, decimalInterval, list } from '../format.js';
import { type Html, html } from '../html.js';
import { attributeWords, groupName, isolated } from '../names.js';
import { gapSubject } from '../task-words.js';
import { outcomeNames } from './verdict.js';

/** A reason for each planned gap. */
export function taskReasons(reasons: readonly TaskReason[], plan: TaskPlan): Html {
  return html`<ul class="reasons">
${reasons.map(
  (
    reason,
  ) => html`<li class="reason-${reason.outcome}">${standingSymbol(reason.outcome)}<span><b>${outcomeNames[reason.outcome]}: ${gapSubject(reason)}, by ${attributeWords(reason.attribute, plan)}.</b> <span class="quiet">${isolated(reason.text)}</span></span></li>
`,
)}</ul>`;
}

/** The gaps of one attribute, planned ones first told by their interval for all gaps together. */
export function gapTable(caption: string, gaps: readonly TaskGap[]): Html {
  return table<TaskGap>(
    caption,
    [
      { head: 'Gap', cell: (gap) => gapSubject(gap) },
      {
        head: 'Largest difference',
        cell: (gap) => (gap.state === 'value' ? decimal(gap.value) : absentText(gap)),
        isNumber: true,
      },
      {
        head: 'Interval of the two groups',
        cell: (gap) => (gap.state === 'value' ? decimalInterval(gap.interval) : '–'),
        isNumber: true,
      },
      {
        head: 'For all groups and planned gaps at once',
        cell: (gap) => (gap.state === 'value' && gap.simultaneous ? decimalInterval(gap.simultaneous) : '–'),
        isNumber: true,
      },
      { head: 'Highest', cell: (gap) => (gap.state === 'value' ? groupName(gap.high.group) : '–') },
      { head: 'Lowest', cell: (gap) => (gap.state === 'value' ? groupName(gap.low.group) : '–') },
      { head: 'Not judged', cell: ({ leftOut }) => leftOutWords(leftOut) },
    ],
    gaps,
  );
}

function leftOutWords(leftOut: TaskGap['leftOut']): string {
  const [first, ...more] = leftOut;
  if (first === undefined) return '–';
  const named = `${groupName(first.group, 30)} (${count(first.n)} rows)`;
  return more.length === 0 ? named : list([named, `${count(more.length)} more`]);
}
