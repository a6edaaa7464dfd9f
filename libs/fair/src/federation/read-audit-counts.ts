import { canonicalJson, type Digest, must, ok, type Result, refuse } from '@hansa/kernel';
import { jointCounts, marginal } from '../counting/joint-algebra.js';
import { compareLevels, type JointCounts } from '../counting/joint-counts.js';
import { columnsOfPlan, planDigest } from '../plan.js';
import { AuditPlanInput } from '../plan.schema.js';
import { type ScoreTable, scoredBy } from '../scores/score-table.js';
import {
  type AuditCounts,
  type AuditCountsProblem,
  auditCountsDigest,
  type JointTable,
  jointTable,
  mixedScores,
} from './audit-counts.js';
import { AuditCountsDocument } from './audit-counts.schema.js';
import { decodeTable, type GroupTable, tablesOf } from './group-tables.js';
import type { WithheldTables } from './handed-tables.js';
import { combinationsIn, openCombinations } from './open-cells.js';
import { withheldScoresProblem } from './read-withheld-scores.js';
import { type JointScoreTable, readScoreTable, scoreTableOf } from './score-tables.js';
import { tablesOfPlan } from './tables-of-plan.js';

/** A city's counts, checked. */
export interface CityCounts {
  readonly document: AuditCounts;
  readonly digest: Digest;
  /** Everything that was counted, where nothing was withheld. */
  readonly joint?: JointCounts;
  /** The tables that the plan needs. */
  readonly tables: readonly GroupTable[];
  /** Where the plan asks for scores and nothing was withheld. */
  readonly scores?: ScoreTable;
}

/**
 * Reads a document of counts from elsewhere: its form, its plan's digest, its columns, codes and sums. What a city says
 * about itself is believed; that its signature and its city are right is for the caller to check.
 *
 * @example
 * const read = readAuditCounts(JSON.parse(text));
 * if (!read.ok) return read; // { kind: 'audit-counts.rows-differ', detail: '…', at: '/data/rows' }
 */
export function readAuditCounts(value: unknown): Result<CityCounts, AuditCountsProblem> {
  const form = AuditCountsDocument.safeParse(value);
  if (!form.success) {
    const [issue] = form.error.issues;
    const at = `/${issue?.path.join('/') ?? ''}`;
    return refuse(
      'audit-counts.malformed',
      `It is no table of counts: ${issue?.message ?? 'wrong form'}, at ${at}.`,
      at,
    );
  }
  // The form is that of the document; the schema fills in defaults of plans, which the next check refuses.
  const document = value as AuditCounts;
  const problem = planProblem(document) ?? columnsProblem(document) ?? definitionsProblem(document);
  if (problem) return problem;
  const digest = auditCountsDigest(document);
  const { counts, plan } = document;
  if (counts.kind === 'tables') {
    const wrong = tablesProblem(document, counts);
    if (wrong) return wrong;
    const scores = withheldScoresProblem(document, counts);
    if (scores) return scores;
    return ok({ document, digest, tables: counts.tables.map((table) => decodeTable(table, document.columns)) });
  }
  const joint = readJoint(document, counts);
  if (!joint.ok) return joint;
  const tables = tablesOf(joint.value, plan);
  if (!counts.scores) return ok({ document, digest, joint: joint.value, tables });
  const scores = readScores(document, counts.scores, joint.value);
  return scores.ok ? ok({ document, digest, joint: joint.value, tables, scores: scores.value }) : scores;
}

type Refusal = Result<never, AuditCountsProblem> | undefined;

function planProblem({ plan, planDigest: digest }: AuditCounts): Refusal {
  if (canonicalJson(AuditPlanInput.parse(plan)) !== canonicalJson(plan))
    return refuse('audit-counts.other-plan', 'The plan leaves out members; it must be written in full.', '/plan');
  if (planDigest(plan) === digest) return undefined;
  return refuse(
    'audit-counts.other-plan',
    `The plan has the digest ${planDigest(plan)}, not ${digest}.`,
    '/planDigest',
  );
}

function columnsProblem({ plan, columns }: AuditCounts): Refusal {
  const wanted = columnsOfPlan(plan);
  const names = columns.map(({ attribute }) => attribute);
  if (names.length !== wanted.length || names.some((name, k) => name !== wanted[k]))
    return refuse(
      'audit-counts.other-columns',
      `The counts are by ${names.join(', ')}; the plan needs ${wanted.join(', ')}, in this order.`,
      '/columns',
    );
  const at = columns.findIndex(({ levels }) =>
    levels.some((level, i) => i > 0 && compareLevels(levels[i - 1] ?? '', level) >= 0),
  );
  if (at < 0) return undefined;
  const detail = `The levels of "${names[at]}" are not in order, or one is there twice.`;
  return refuse('audit-counts.not-canonical', detail, `/columns/${at}/levels`);
}

function definitionsProblem({ plan, definitions, model, counts }: AuditCounts): Refusal {
  if (definitions.decision.kind === 'model' && model === undefined)
    return refuse('audit-counts.no-model', 'The decisions are those of a model, which is not named.', '/model');
  const mixed = mixedScores(plan, definitions, counts.scores);
  if (mixed) return mixed;
  const weighted = counts.kind === 'joint' && counts.weights !== undefined;
  if ((definitions.weight !== undefined) === weighted) return undefined;
  return refuse(
    'audit-counts.mixed-weights',
    'Weighted counts, and only those, name the column of weights.',
    '/definitions/weight',
  );
}

function readJoint(document: AuditCounts, table: JointTable): Result<JointCounts, AuditCountsProblem> {
  const { columns, data } = document;
  const { codes, cells, weights } = table;
  const count = codes.length;
  const lengths = [cells.length, weights?.sums.length ?? count, weights?.squares.length ?? count];
  if (lengths.some((length) => length !== count))
    return refuse('audit-counts.wrong-codes', `There are ${count} combinations, but not of all members.`, '/counts');
  const wrong = codes.findIndex((own) => !fits(own, columns));
  if (wrong >= 0) return wrongCodes(`/counts/codes/${wrong}`);
  const light = weights?.sums.findIndex((sums, i) => sums.some((sum, k) => sum !== '0' && cells[i]?.[k] === 0)) ?? -1;
  if (light >= 0)
    return refuse('audit-counts.mixed-weights', 'No rows can have a weight.', `/counts/weights/sums/${light}`);
  const sums = (of: readonly (readonly string[])[]) => of.flatMap((four) => four.map(BigInt));
  const joint = jointCounts({
    attributes: columns.map(({ attribute, levels: values }) => ({ attribute, values })),
    ...combinationsIn(table),
    ...(weights && { weights: { sums: sums(weights.sums), squares: sums(weights.squares) } }),
  });
  if (!joint.ok) return joint;
  const { scores: _, ...counts } = table;
  const again = { columns: joint.value.attributes, counts: jointTable(joint.value) };
  if (canonicalJson(again) !== canonicalJson({ columns, counts }))
    return refuse(
      'audit-counts.not-canonical',
      'Combinations must ascend, occur once and have rows; levels must occur.',
      '/counts/codes',
    );
  return (
    rowsProblem(
      cells.flat().reduce((sum, cell) => sum + cell, 0),
      data.rows,
    ) ?? joint
  );
}

/** Counts of scores, of the very rows that the other counts are of. */
function readScores(
  { columns, plan }: AuditCounts,
  table: JointScoreTable,
  joint: JointCounts,
): Result<ScoreTable, AuditCountsProblem> {
  const read = readScoreTable(table, columns, plan);
  if (!read.ok) return read;
  const again = scoreTableOf(read.value, plan);
  if (!again.ok) return again;
  if (canonicalJson(again.value) !== canonicalJson(table))
    return refuse('audit-counts.not-canonical', 'Scores must ascend, occur once and have rows.', '/counts/scores');
  const by = scoredBy(plan);
  const rowsOf = (counts: JointCounts) => canonicalJson(openCombinations(must(marginal(counts, by))));
  const plain = { attributes: joint.attributes, codes: joint.codes, cells: joint.cells };
  if (rowsOf(read.value.joint) === rowsOf(plain)) return read;
  return refuse('audit-counts.rows-differ', 'The scores are of other rows than the counts.', '/counts/scores');
}

function tablesProblem(document: AuditCounts, { tables }: WithheldTables): Refusal {
  const { columns, data, plan } = document;
  const wanted = tablesOfPlan(plan);
  if (canonicalJson(tables.map(({ attributes }) => attributes)) !== canonicalJson(wanted))
    return refuse('audit-counts.other-columns', 'The tables are not those that the plan needs.', '/counts/tables');
  for (const [i, { attributes, groups }] of tables.entries()) {
    const own = columns.filter(({ attribute }) => attributes.includes(attribute));
    const wrong = groups.findIndex(({ codes }) => !fits(codes, own));
    if (wrong >= 0) return wrongCodes(`/counts/tables/${i}/groups/${wrong}/codes`);
    const keys = groups.map(({ codes }) =>
      codes.reduce((sum, code, k) => sum * (own[k]?.levels.length ?? 1) + code, 0),
    );
    const all = own.reduce((product, { levels }) => product * levels.length, 1);
    if (keys.length !== all || keys.some((key, at) => key !== at))
      return refuse(
        'audit-counts.not-canonical',
        `The table by ${attributes.join(' and ') || 'nothing'} must have each combination once, in order.`,
        `/counts/tables/${i}/groups`,
      );
    const unequal = [0, 1, 2, 3].find((cell) => !addsUp(groups, tables[0]?.groups ?? [], cell));
    if (unequal !== undefined)
      return refuse(
        'audit-counts.rows-differ',
        `The table by ${attributes.join(' and ')} has other totals than the one of everybody.`,
        `/counts/tables/${i}`,
      );
    const cells = groups.flatMap((group) => group.cells);
    const open = cells.reduce<number>((sum, cell) => sum + (cell ?? 0), 0);
    if (open > data.rows || !cells.includes(null)) {
      const wrongRows = rowsProblem(open, data.rows, `/counts/tables/${i}`);
      if (wrongRows) return wrongRows;
    }
  }
  return undefined;
}

type Groups = WithheldTables['tables'][number]['groups'];

/** Whether a table can have the same rows as that of everybody: what is withheld is at least 0. */
function addsUp(groups: Groups, everybody: Groups, cell: number): boolean {
  const total = everybody[0]?.cells[cell];
  if (total === null || total === undefined) return true;
  const own = groups.map(({ cells }) => cells[cell] ?? null);
  const open = own.reduce<number>((sum, n) => sum + (n ?? 0), 0);
  return own.includes(null) ? open <= total : open === total;
}

function fits(codes: readonly number[], columns: AuditCounts['columns']): boolean {
  return codes.length === columns.length && codes.every((code, k) => code < (columns[k]?.levels.length ?? 0));
}

function wrongCodes(at: string): Result<never, AuditCountsProblem> {
  return refuse('audit-counts.wrong-codes', 'A combination must have one code for each column, each of a level.', at);
}

function rowsProblem(counted: number, rows: number, at = '/data/rows'): Refusal {
  if (rows === 0) return refuse('audit-counts.no-rows', 'The counts are of no rows.', '/data/rows');
  if (counted === rows) return undefined;
  return refuse('audit-counts.rows-differ', `The counts are of ${counted} rows, the data has ${rows}.`, at);
}
