import { decimal, percent, percentInterval, portion } from '../format.js';
import { type Html, html } from '../html.js';
import type { RateFigure, RateRow } from '../rate-figure.js';
import { table } from './table.js';

const standings: Readonly<Record<RateRow['standing'], string>> = {
  within: 'within the margin',
  outside: 'outside the margin',
  small: 'too few to judge',
};

interface Line {
  readonly group: string;
  readonly portion: string;
  readonly value: string;
  readonly interval: string;
  readonly standing: string;
}

/** The table twin of a chart: the same numbers, and the groups that have none. */
export function rateTable({ rows, overall, undefinedGroups, band }: RateFigure, caption: string): Html {
  const line = (group: string, row: Omit<RateRow, 'group' | 'standing'>, standing: string): Line => ({
    group,
    portion: portion(row.k, row.n),
    value: percent(row.value),
    interval: percentInterval(row.interval),
    standing,
  });
  const judged = (standing: RateRow['standing']): string =>
    band === null && standing !== 'small' ? 'nothing to compare with' : standings[standing];
  const lines: readonly Line[] = [
    ...(overall === null ? [] : [line('Everybody', overall, '–')]),
    ...rows.map((row) => line(row.group, row, judged(row.standing))),
    ...undefinedGroups.map(({ group, reason }) => ({
      group,
      portion: '0',
      value: '–',
      interval: '–',
      standing: reason,
    })),
  ];
  const level = (overall?.interval.level ?? 0.95) * 100;
  return table<Line>(
    caption,
    [
      { head: 'Group', cell: ({ group }) => (group === '' ? html`<i>empty</i>` : group) },
      { head: 'Count', cell: ({ portion: text }) => text, isNumber: true },
      { head: 'Rate', cell: ({ value }) => value, isNumber: true },
      { head: `${decimal(level)} % interval`, cell: ({ interval }) => interval, isNumber: true },
      { head: 'Judgement', cell: ({ standing }) => standing },
    ],
    lines,
  );
}
