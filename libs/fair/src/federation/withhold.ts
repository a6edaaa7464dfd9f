import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { marginal } from '../counting/joint-algebra.js';
import type { JointAttribute, JointCounts, JointProblem } from '../counting/joint-counts.js';
import { type AuditPlan, columnsOfPlan } from '../plan.js';
import type { ScoreTable } from '../scores/score-table.js';
import { tablesOf } from './group-tables.js';
import type { HandedCells, HandedTable, WithheldTables } from './handed-tables.js';
import { runSteps, type Steps } from './steps.js';
import { type BoundsProblem, type WithheldBounds, withheldBoundsInSteps } from './withheld-bounds.js';
import { type WithheldScoresProblem, withholdScores } from './withheld-scores.js';

export type WithholdProblem =
  | BoundsProblem
  | JointProblem
  | WithheldScoresProblem
  | Problem<'withhold.too-few-rows' | 'withhold.weighted'>;

/** Rounds of withholding more; each withholds at least one number, so this is never reached by tables of that size. */
const maxRounds = 10_000;

/**
 * The tables that a plan needs, with every number below `minimumCell` withheld, zeros too, and further numbers until
 * nobody can narrow down a withheld one from all tables together: each could still be any of at least `minimumCell` + 1
 * numbers in a row, mostly 0 to `minimumCell` or more. The total must reach `minimumCell` in each of its four cells.
 *
 * What stays open: that a level occurs at all; and whoever knows some of the people already can subtract them.
 */
export function withhold(
  counts: JointCounts,
  plan: AuditPlan,
  minimumCell: number,
  scores?: ScoreTable,
): Result<WithheldTables, WithholdProblem> {
  return runSteps(withholdInSteps(counts, plan, minimumCell, scores));
}

/** {@link withhold} in steps: large tables take some hundred milliseconds. */
export function* withholdInSteps(
  counts: JointCounts,
  plan: AuditPlan,
  minimumCell: number,
  scores?: ScoreTable,
): Steps<Result<WithheldTables, WithholdProblem>> {
  const own = marginal(counts, columnsOfPlan(plan));
  if (!own.ok) return own;
  const joint = own.value;
  if (joint.weighted)
    return refuse(
      'withhold.weighted',
      'Weighted counts cannot be handed out with numbers withheld: leave out the weights.',
    );
  const open = openTables(joint, plan);
  const total = open[0]?.groups[0]?.cells ?? [];
  if (total.some((cell) => (cell ?? 0) < minimumCell))
    return refuse(
      'withhold.too-few-rows',
      `All rows together have fewer than ${minimumCell} of one kind (right or wrong, yes or no); so few can be handed out in a sum with others only.`,
    );
  let tables: readonly HandedTable[] = open.map((table) => ({
    ...table,
    groups: table.groups.map(({ codes, cells }) => ({ codes, cells: hide(cells, (n) => n < minimumCell) })),
  }));
  for (let round = 0; round < maxRounds; round++) {
    const bounds = yield* withheldBoundsInSteps(tables, joint.attributes);
    if (!bounds.ok) return bounds;
    const exposed = bounds.value.filter((own) => isExposed(own, minimumCell));
    if (exposed.length === 0) return withScores({ kind: 'tables', minimumCell, tables }, plan, scores);
    for (const one of exposed) tables = withholdNear(tables, one);
  }
  throw new Error('withholding did not come to an end');
}

function withScores(
  handed: WithheldTables,
  plan: AuditPlan,
  scores: ScoreTable | undefined,
): Result<WithheldTables, WithheldScoresProblem> {
  if (!scores) return ok(handed);
  const own = withholdScores(scores, handed.tables, plan, handed.minimumCell);
  return own.ok ? ok({ ...handed, scores: own.value }) : own;
}

/** Whether fewer than `minimumCell` + 1 whole numbers are possible. */
function isExposed({ lower, upper }: WithheldBounds, minimumCell: number): boolean {
  return Math.floor(upper + 1e-4) - Math.ceil(lower - 1e-4) < minimumCell;
}

/** Withholds the smallest open number that stands nearest: in the same table, else in one that shares an attribute. */
function withholdNear(tables: readonly HandedTable[], { table, group, cell }: WithheldBounds): readonly HandedTable[] {
  const own = tables[table];
  const codes = own?.groups[group]?.codes ?? [];
  const open = tables.flatMap((other, t) => {
    if (other.attributes.length === 0 || !other.attributes.some((name) => own?.attributes.includes(name))) return [];
    return other.groups.flatMap(({ codes: others, cells }, g) => {
      const value = cells[cell];
      const steps = t === table ? others.filter((code, k) => code !== codes[k]).length : codes.length + 1;
      return value === null || value === undefined ? [] : [{ t, g, value, steps }];
    });
  });
  const [nearest] = open.sort((a, b) => a.steps - b.steps || a.value - b.value);
  if (!nearest) return tables;
  return tables.map((other, t) =>
    t !== nearest.t
      ? other
      : {
          ...other,
          groups: other.groups.map(({ codes: others, cells }, g) =>
            g !== nearest.g ? { codes: others, cells } : { codes: others, cells: hide(cells, (_, at) => at === cell) },
          ),
        },
  );
}

function hide([tn, fp, fn, tp]: HandedCells, isHidden: (n: number, at: number) => boolean): HandedCells {
  const own = (n: number | null, at: number) => (n === null || isHidden(n, at) ? null : n);
  return [own(tn, 0), own(fp, 1), own(fn, 2), own(tp, 3)];
}

/** Every table with every combination of levels, also those without rows. */
function openTables(joint: JointCounts, plan: AuditPlan): readonly HandedTable[] {
  return tablesOf(joint, plan).map(({ attributes, groups }) => {
    const columns = joint.attributes.filter(({ attribute }) => attributes.includes(attribute));
    const known = new Map(groups.map(({ levels, cells }) => [JSON.stringify(levels), cells]));
    return {
      attributes,
      groups: allCodes(columns).map((codes) => {
        const levels = codes.map((code, k) => columns[k]?.levels[code]);
        return { codes, cells: known.get(JSON.stringify(levels)) ?? ([0, 0, 0, 0] as const) };
      }),
    };
  });
}

function allCodes(columns: readonly JointAttribute[]): readonly (readonly number[])[] {
  return columns.reduce<readonly (readonly number[])[]>(
    (codes, { levels }) => codes.flatMap((own) => levels.map((_, code) => [...own, code])),
    [[]],
  );
}
