import type { Element } from './markup.js';
import { colours } from './theme.js';

/** How the lines, forms and letters of a chart look. Sizes are those of the chart's own units. */
export interface ChartStyle {
  readonly fill: string | null;
  readonly stroke: string | null;
  readonly width: number;
  readonly dash: readonly [number, number] | null;
  readonly size: number;
  readonly isBold: boolean;
}

const plain: ChartStyle = { fill: colours.ink, stroke: null, width: 1, dash: null, size: 15, isBold: false };

const byClass: Readonly<Record<string, Partial<ChartStyle>>> = {
  grid: { stroke: colours.line },
  tick: { fill: colours.quiet, size: 13 },
  of: { fill: colours.quiet, size: 13, isBold: false },
  band: { fill: colours.accentSoft },
  overall: { stroke: colours.ink, width: 1.5, dash: [2, 4] },
  group: { isBold: true },
  value: { isBold: true },
  interval: { stroke: colours.accent, width: 2 },
  dot: { fill: colours.accent, stroke: colours.paper, width: 2 },
  mark: { fill: colours.fail, isBold: true },
};

const byRow: Readonly<Record<string, Readonly<Record<string, Partial<ChartStyle>>>>> = {
  'row-outside': { interval: { stroke: colours.fail }, dot: { fill: colours.fail } },
  'row-small': {
    interval: { stroke: colours.edge, dash: [3, 3] },
    dot: { fill: colours.paper, stroke: colours.edge },
  },
};

/** The look of an element by its classes and those of the row that it stands in. */
export function chartStyle(element: Element, rows: readonly string[], inherited: ChartStyle = plain): ChartStyle {
  const own = element.classes.map((name) => byClass[name] ?? {});
  const ofRow = element.classes.flatMap((name) => rows.map((row) => byRow[row]?.[name] ?? {}));
  return Object.assign({}, inherited, ...own, ...ofRow);
}
