import { ok, type Result } from '@hansa/kernel';
import { cellCounts } from '../cell-counts.js';
import { stratum } from '../counting/joint-algebra.js';
import type { JointCounts, JointProblem } from '../counting/joint-counts.js';
import { addCounts, type ConfusionCounts } from '../counts.js';
import type { AuditPlan } from '../plan.js';

/** The same rows of a group, apart by what people decided: how the model's decisions met reality in each part. */
export interface PairedCounts {
  readonly ifPeopleRefuse: ConfusionCounts;
  readonly ifPeopleAgree: ConfusionCounts;
}

/** A group with its paired counts; `{}` is everybody. */
export interface PairedGroup {
  readonly group: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly counts: PairedCounts;
}

/** Everybody, and the groups of each attribute and intersection. */
export interface PairedPopulation {
  readonly total: PairedCounts;
  readonly partitions: readonly { readonly attribute: string; readonly groups: readonly PairedGroup[] }[];
}

/** The level of a positive decision by people, in the attribute that holds their decisions. */
export const peopleAgree = '1';
/** That of a negative one. */
export const peopleRefuse = '0';

const nobody: ConfusionCounts = { n: 0, tn: 0, fp: 0, fn: 0, tp: 0 };

/**
 * The groups of a plan with the decisions of people beside those of the model.
 *
 * @param column the attribute of the counts in which the decisions of people stand, as {@link peopleAgree} or {@link peopleRefuse}
 */
export function pairedPopulation(
  joint: JointCounts,
  column: string,
  { attributes, intersections = [] }: Pick<AuditPlan, 'attributes' | 'intersections'>,
): Result<PairedPopulation, JointProblem> {
  const levels = joint.attributes.find(({ attribute }) => attribute === column)?.levels ?? [];
  const parts = [];
  for (const level of [peopleRefuse, peopleAgree]) {
    if (!levels.includes(level)) {
      parts.push(undefined);
      continue;
    }
    const part = stratum(joint, column, level);
    if (!part.ok) return part;
    const counts = cellCounts(part.value, { attributes, intersections });
    if (!counts.ok) return counts;
    parts.push(counts.value);
  }
  const [refuse, agree] = parts;
  const total = pair(refuse?.total, agree?.total);
  const known = refuse ?? agree;
  const partitions = (known?.partitions ?? []).map(({ attribute }, i) => {
    const [ofRefuse, ofAgree] = [refuse?.partitions[i]?.groups ?? [], agree?.partitions[i]?.groups ?? []];
    const names = new Map([...ofRefuse, ...ofAgree].map(({ group, attributes: own }) => [group, own]));
    const groups = [...names].map(([group, own]): PairedGroup => {
      const find = (of: typeof ofRefuse) => of.find((one) => one.group === group)?.counts;
      return { group, attributes: own, counts: pair(find(ofRefuse), find(ofAgree)) };
    });
    return { attribute, groups: groups.sort((a, b) => (a.group < b.group ? -1 : 1)) };
  });
  return ok({ total, partitions });
}

type Known = ReturnType<typeof addCounts> | undefined;

/** Counts of rows that were all read: none of them was withheld. */
function pair(refuse: Known, agree: Known): PairedCounts {
  return { ifPeopleRefuse: (refuse as ConfusionCounts) ?? nobody, ifPeopleAgree: (agree as ConfusionCounts) ?? nobody };
}

/** How the decisions of the model met reality. */
export function ofModel({ ifPeopleRefuse, ifPeopleAgree }: PairedCounts): ConfusionCounts {
  return addCounts([ifPeopleRefuse, ifPeopleAgree]);
}

/** How the decisions of people met reality. */
export function ofPeople({ ifPeopleRefuse: no, ifPeopleAgree: yes }: PairedCounts): ConfusionCounts {
  return { n: no.n + yes.n, tn: no.tn + no.fp, fp: yes.tn + yes.fp, fn: no.fn + no.tp, tp: yes.fn + yes.tp };
}
