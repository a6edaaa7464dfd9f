import { addCounts } from '../counts.js';
import { type Figure, figure, suppressedBecause, undefinedBecause } from '../figure.js';
import type { Partition } from '../partition.js';
import type { Polarity } from '../plan.js';
import type { Speaks } from './differential-fairness.js';
import { areKnown, type CountedGroup, type KnownGroup, knownGroups } from './known-groups.js';

/** The groups of an attribute among the rows of one stratum: one occupation, one district. */
export interface DisparityStratum {
  readonly stratum: NonNullable<Partition['stratum']>;
  readonly groups: readonly CountedGroup[];
}

/** Whether a group has a larger share in those rejected than in those accepted, stratum by stratum. */
export interface DemographicDisparity {
  readonly group: string;
  /** Strata with their disparity, from −1 (the group is only among the accepted) to 1 (only among the rejected). */
  readonly strata: readonly { readonly stratum: DisparityStratum['stratum']; readonly disparity: Figure }[];
  /** The mean over strata with a disparity, weighted by their rows. */
  readonly conditional: Figure;
  /** The disparity of all rows together; another sign than the conditional one is Simpson's paradox. */
  readonly marginal: Figure;
  /** The share of rows in strata without a disparity, for which the conditional one does not speak. */
  readonly leftOutShare: Figure;
}

interface Question {
  /** `benefit`: positive is accepted; `burden`: positive is rejected. */
  readonly polarity: Polarity;
  readonly of: Speaks;
}

/**
 * Conditional demographic disparity: the group's share of the rejected rows minus its share of the accepted rows, within
 * each stratum, averaged by the strata's rows. Wachter, Mittelstadt and Russell, Computer Law & Security Review 41 (2021).
 * Strata of which counts were withheld are left out of the average.
 */
export function demographicDisparityOf(
  strata: readonly DisparityStratum[],
  group: string,
  question: Question,
): DemographicDisparity {
  const own = strata.map(({ stratum, groups }) => {
    const known = knownGroups(groups);
    return { stratum, disparity: areKnown(known) ? disparityOf(known, group, question) : known, rows: rowsOf(groups) };
  });
  const told = own.flatMap(({ rows, disparity }) =>
    rows !== null && disparity.state === 'value' ? [{ rows, value: disparity.value }] : [],
  );
  const toldRows = told.reduce((sum, { rows }) => sum + rows, 0);
  const weighted = told.reduce((sum, { rows, value }) => sum + rows * value, 0);
  const everybody = knownGroups(strata.flatMap(({ groups }) => groups));
  return {
    group,
    strata: own.map(({ stratum, disparity }) => ({ stratum, disparity })),
    conditional:
      toldRows > 0 ? figure(weighted / toldRows) : undefinedBecause('no stratum with both accepted and rejected rows'),
    marginal: areKnown(everybody) ? disparityOf(everybody, group, question) : everybody,
    leftOutShare: leftOutOf(strata, toldRows),
  };
}

function leftOutOf(strata: readonly DisparityStratum[], toldRows: number): Figure {
  const rows = rowsOf(strata.flatMap(({ groups }) => groups));
  if (rows === null) return suppressedBecause('small counts of rows were withheld');
  return rows === 0 ? undefinedBecause('no rows') : figure((rows - toldRows) / rows);
}

function rowsOf(groups: readonly CountedGroup[]): number | null {
  return addCounts(groups.map(({ counts }) => counts)).n;
}

function disparityOf(groups: readonly KnownGroup[], name: string, { polarity, of }: Question): Figure {
  const positives = (some: readonly KnownGroup[]) =>
    some.reduce((sum, { counts }) => sum + counts.tp + (of === 'decision' ? counts.fp : counts.fn), 0);
  const rows = (some: readonly KnownGroup[]) => some.reduce((sum, { counts }) => sum + counts.n, 0);
  const own = groups.filter(({ group }) => group === name);
  const [positive, negative] = [positives(groups), rows(groups) - positives(groups)];
  if (positive === 0 || negative === 0) return undefinedBecause('not both accepted and rejected rows');
  const difference = (rows(own) - positives(own)) / negative - positives(own) / positive;
  return figure(polarity === 'benefit' ? difference : -difference);
}
