import { type Figure, type Undefined, undefinedBecause } from './figure.js';

/** A figure of one group. */
export interface GroupFigure {
  readonly group: string;
  readonly figure: Figure;
}

/** How far the groups are apart by one figure. Groups without it are left out and named. */
export type Spread =
  | {
      readonly state: 'value';
      /** Largest minus smallest; 0 is parity. */
      readonly difference: number;
      readonly high: { readonly group: string; readonly value: number };
      readonly low: { readonly group: string; readonly value: number };
      readonly leftOut: readonly string[];
    }
  | Undefined;

/** The largest figure minus the smallest, with the groups that have them; the first by order among equals. */
export function spreadOf(groups: readonly GroupFigure[]): Spread {
  const told = groups.flatMap(({ group, figure }) =>
    figure.state === 'value' ? [{ group, value: figure.value }] : [],
  );
  if (told.length < 2) return undefinedBecause('fewer than two groups have the figure');
  const high = told.reduce((best, next) => (next.value > best.value ? next : best));
  // When all figures are equal, the pair is still made of two groups.
  const low = told.reduce((best, next) => (next.value < best.value || best === high ? next : best));
  const leftOut = groups.flatMap(({ group, figure }) => (figure.state === 'value' ? [] : [group]));
  return { state: 'value', difference: high.value - low.value, high, low, leftOut };
}
