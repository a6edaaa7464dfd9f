import { count, decimal } from '../format.js';
import type { Html } from '../html.js';
import { groupName } from '../names.js';
import type { RateFigure, RateRow } from '../rate-figure.js';
import { type RateText, rateText } from '../rate-text.js';
import { shownRows } from '../shown-rows.js';
import { table } from './table.js';

const standings: Readonly<Record<RateRow['standing'], string>> = {
  within: 'within the margin',
  outside: 'outside the margin',
  small: 'too few to judge',
};

/** More rows than this nobody reads on a page; the report as data has all. */
const most = 150;
const mostWithoutValue = 50;

interface Line extends RateText {
  readonly name: string;
  readonly standing: string;
}

/** The table twin of a chart: the same numbers, and the groups that have none. */
export function rateTable(figure: RateFigure, caption: string): Html {
  const { overall, withoutValue, band } = figure;
  const { first, between, last } = shownRows(figure, most);
  const judged = (standing: RateRow['standing']): string =>
    band === null && standing !== 'small' ? 'nothing to compare with' : standings[standing];
  const line = (row: RateRow): Line => ({
    name: groupName(row.group),
    ...rateText({ state: 'value', ...row }),
    standing: judged(row.standing),
  });
  const leftOut = (number: number): readonly Line[] =>
    number > 0
      ? [{ name: `… ${count(number)} more groups`, value: '', portion: '', interval: '', reason: null, standing: '' }]
      : [];
  const lines: readonly Line[] = [
    { name: 'Everybody', ...rateText(overall), standing: overall.state === 'value' ? '–' : overall.reason },
    ...first.map(line),
    ...leftOut(between),
    ...last.map(line),
    ...withoutValue.slice(0, mostWithoutValue).map(({ group, rate }): Line => {
      const text = rateText(rate);
      return { name: groupName(group), ...text, standing: text.reason ?? '' };
    }),
    ...leftOut(withoutValue.length - mostWithoutValue),
  ];
  const isWeighted = overall.state === 'value' && overall.weighted !== undefined;
  const isClustered = overall.state === 'value' && overall.clustered !== undefined;
  const unrelated = isClustered ? 'Rows, and as how many unrelated ones they tell' : 'Count';
  const level = (overall.state === 'value' ? overall.interval.level : 0.95) * 100;
  return table<Line>(
    caption,
    [
      { head: 'Group', cell: ({ name }) => name },
      {
        head: isWeighted ? 'Rows, and as how many of equal weight they tell' : unrelated,
        cell: ({ portion }) => portion,
        isNumber: true,
      },
      { head: 'Rate', cell: ({ value }) => value, isNumber: true },
      { head: `${decimal(level)} % interval`, cell: ({ interval }) => interval, isNumber: true },
      { head: 'Judgement', cell: ({ standing }) => standing },
    ],
    lines,
  );
}
