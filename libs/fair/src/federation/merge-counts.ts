import { canonicalJson, digestOfJson, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { cellCounts } from '../cell-counts.js';
import { addJoint } from '../counting/joint-algebra.js';
import type { JointCounts } from '../counting/joint-counts.js';
import type { CellCounts } from '../partition.js';
import type { AuditPlan } from '../plan.js';
import type { DataReference, ModelReference } from '../report.js';
import type { CountedScores } from '../scores/score-part.js';
import type { AuditCounts } from './audit-counts.js';
import { mergeScores } from './merge-scores.js';
import { addTables, cellCountsOf } from './merge-tables.js';
import type { CityCounts } from './read-audit-counts.js';

/** The counts of several cities as those of one population. */
export interface PooledCounts {
  readonly plan: AuditPlan;
  readonly model: ModelReference;
  /** All rows; its `cities` say whose, by name. */
  readonly data: DataReference;
  readonly counts: CellCounts;
  /** Where no city withheld anything. */
  readonly joint?: JointCounts;
  /** Where the plan asks for them. */
  readonly scores?: CountedScores;
  /** By name. */
  readonly cities: readonly CityCounts[];
}

export type MergeProblem = Problem<
  | 'merge.no-counts'
  | 'merge.repeated-city'
  | 'merge.other-plan'
  | 'merge.other-model'
  | 'merge.other-definitions'
  | 'merge.other-levels'
  | 'merge.mixed-weights'
  | 'merge.other-scores'
  | 'audit-counts.mixed-scores'
  | 'audit-counts.not-canonical'
  | `scores.${string}`
  | `joint.${string}`
>;

/**
 * Adds the counts of cities. Where nobody withheld anything the sum is, to the bit, the counts of all rows in one file,
 * however they were split; a number that one city withholds is withheld in the sum. Contradictions are refused with the
 * city and the place: `Ghent#/planDigest`.
 *
 * @example
 * const pooled = mergeCounts([must(readAuditCounts(a)), must(readAuditCounts(b))]);
 */
export function mergeCounts(given: readonly CityCounts[]): Result<PooledCounts, MergeProblem> {
  const cities = [...given].sort((a, b) => (a.document.countedBy < b.document.countedBy ? -1 : 1));
  const [first, ...others] = cities;
  if (!first) return refuse('merge.no-counts', 'There are no counts to merge.');
  let before = first;
  for (const city of others) {
    const problem = contradiction(first, before, city);
    if (problem) return problem;
    before = city;
  }
  const alike = lookalikes(cities);
  if (alike) return alike;
  const { plan, definitions } = first.document;
  const data = dataOf(cities);
  const decision = JSON.parse(canonicalJson(definitions.decision)) as JsonObject;
  const model = first.document.model ?? { digest: digestOfJson({ data: data.digest, decision }), decision };
  const joints = cities.flatMap(({ joint }) => joint ?? []);
  const scores = mergeScores(cities, plan);
  if (!scores.ok) return scores;
  const head = { plan, model, data, cities, ...(scores.value && { scores: scores.value }) };
  if (joints.length < cities.length) {
    const tables = first.tables.map((_, t) => addTables(cities.flatMap((city) => city.tables[t] ?? [])));
    return ok({ ...head, counts: cellCountsOf(tables, plan) });
  }
  const joint = addJoint(joints);
  if (!joint.ok) return joint;
  const counts = cellCounts(joint.value, plan);
  return counts.ok ? ok({ ...head, counts: counts.value, joint: joint.value }) : counts;
}

function contradiction(
  { document: first }: CityCounts,
  { document: before }: CityCounts,
  { document }: CityCounts,
): Result<never, MergeProblem> | undefined {
  const { countedBy: city } = document;
  const no = (kind: MergeProblem['kind'], detail: string, at: string) => refuse(kind, detail, `${city}#${at}`);
  if (city === before.countedBy)
    return no('merge.repeated-city', `${city} is there twice; its rows would count twice.`, '/countedBy');
  if (document.planDigest !== first.planDigest)
    return no(
      'merge.other-plan',
      `${city} counted under the plan ${document.planDigest}, ${first.countedBy} under ${first.planDigest}.`,
      '/planDigest',
    );
  if (document.model?.digest !== first.model?.digest)
    return no(
      'merge.other-model',
      `${city} counted decisions of ${modelOf(document)}, ${first.countedBy} those of ${modelOf(first)}.`,
      '/model/digest',
    );
  for (const member of ['label', 'decision'] as const)
    if (meaningOf(document, member) !== meaningOf(first, member))
      return no(
        'merge.other-definitions',
        `${city} reads the ${member} as ${meaningOf(document, member)}, ${first.countedBy} as ${meaningOf(first, member)}.`,
        `/definitions/${member}`,
      );
  if ((document.definitions.weight === undefined) !== (first.definitions.weight === undefined))
    return no(
      'merge.mixed-weights',
      `Either ${city} or ${first.countedBy} weighs its rows, and the other does not.`,
      '/definitions/weight',
    );
  return undefined;
}

function modelOf({ model }: AuditCounts): string {
  return model === undefined ? 'no model that is named' : model.digest;
}

/** A definition without the name of its column, which may differ from city to city. */
function meaningOf({ definitions }: AuditCounts, member: 'label' | 'decision'): string {
  const { column: _, ...meaning } = { column: '', ...definitions[member] };
  const { positive } = { positive: undefined, ...meaning };
  return canonicalJson({ ...meaning, ...(positive && { positive: [...positive].sort() }) });
}

/**
 * Levels that cities write in different ways, `Male` and ` male`, would fall apart into two groups. Where one city has
 * both it tells them apart, as one file with both would.
 */
function lookalikes(cities: readonly CityCounts[]): Result<never, MergeProblem> | undefined {
  const plain = (level: string) => level.trim().toLowerCase();
  for (const [k, { attribute }] of (cities[0]?.document.columns ?? []).entries()) {
    const own = cities.map(({ document }) => document.columns[k]?.levels ?? []);
    for (const [i, levels] of own.entries()) {
      for (const level of levels) {
        const j = own.findIndex((o) => o.some((other) => other !== level && plain(other) === plain(level)));
        const other = own[j]?.find((o) => o !== level && plain(o) === plain(level)) ?? level;
        if (j < 0 || own.some((o) => o.includes(level) && o.includes(other))) continue;
        const [here, there] = [cities[i]?.document.countedBy ?? '', cities[j]?.document.countedBy ?? ''];
        const detail = `${here} writes ${JSON.stringify(level)} in "${attribute}" where ${there} writes ${JSON.stringify(other)}; write both alike.`;
        return refuse('merge.other-levels', detail, `${here}#/columns/${k}/levels`);
      }
    }
  }
  return undefined;
}

function dataOf(cities: readonly CityCounts[]): DataReference {
  const parts = cities.map(({ document, digest: counts }): JsonObject => {
    const { countedBy, at, data } = document;
    return {
      countedBy,
      digest: data.digest,
      rows: data.rows,
      counts,
      ...(at !== undefined && { at }),
      ...(document.counts.kind === 'tables' && { minimumCell: document.counts.minimumCell }),
    };
  });
  const rows = cities.reduce((sum, { document }) => sum + document.data.rows, 0);
  return { digest: digestOfJson(parts), rows, cities: parts };
}
