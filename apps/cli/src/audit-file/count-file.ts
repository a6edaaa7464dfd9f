import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import {
  type AuditCounts,
  type AuditPlan,
  auditCounts,
  auditCountsBytes,
  auditCountsDigest,
  columnsOfPlan,
  type HandedTable,
  type OutcomeDefinitions,
  scoredBy,
} from '@hansa/fair';
import { TableEngine } from '@hansa/tabular';
import { badUsage, CommandFailure, orFail } from '../failure.js';
import { packageVersion } from '../package-root.js';
import type { Session } from '../session.js';
import type { DecisionSource } from './audit-file.js';
import type { FileAuditOptions } from './options.js';
import { completePlan } from './plan-options.js';
import { readScored } from './read-scores.js';
import { decisionOf } from './run-file-audit.js';

/** The options of `hansa audit count`. */
export interface CountOptions
  extends Pick<
    FileAuditOptions,
    | 'data'
    | 'label'
    | 'positive'
    | 'prediction'
    | 'positivePrediction'
    | 'threshold'
    | 'weight'
    | 'score'
    | 'plan'
    | 'at'
    | 'out'
  > {
  readonly by?: string;
  readonly minimumCell?: number;
}

/** `hansa audit count`: counts a file under a plan that others share, and writes the counts and nothing else. */
export async function countFile(session: Session, options: CountOptions): Promise<void> {
  const { data: file, label, positive = '1', plan: planFile, by: countedBy, at, out, minimumCell } = options;
  if (file === undefined) throw badUsage('Name the file of people: --data people.csv.', '--data');
  if (label === undefined) throw badUsage('Name the column that says what was true: --label <column>.', '--label');
  if (planFile === undefined) throw badUsage('Give the plan that all cities share: --plan plan.yaml.', '--plan');
  if (countedBy === undefined)
    throw badUsage('Say whose rows these are: --by Ghent, or --by did:web:ghent.example.', '--by');
  if (out === undefined) throw badUsage('Say where the counts shall be written: --out counts.json.', '--out');
  if (at !== undefined && Number.isNaN(Date.parse(at))) throw badUsage('Write --at as 2026-11-23T10:00:00Z.', '--at');
  if (minimumCell !== undefined && minimumCell < 2)
    throw badUsage('Give --minimum-cell as a number from 2, for instance 10.', '--minimum-cell');
  const plan = completePlan(planFile, session.terminal);
  const decision = decisionOf(options);
  const named = columnsOf(options, plan);
  const tables = new TableEngine();
  try {
    const source = { file: resolve(session.terminal.directory, file), label, positive, decision };
    const by = scoredBy(plan);
    const columns = { protected: by, control: columnsOfPlan(plan).filter((name) => !by.includes(name)) };
    const weighed = named.weight && { weight: named.weight.column };
    const asked = plan.score && named.score && { ...plan.score, ...named.score };
    const read = orFail(await readScored(tables, { ...source, ...columns, ...weighed }, asked), 2);
    const { joint, facts, scores, range } = read;
    const { digest, format, counted: rows } = facts;
    const document = orFail(
      auditCounts({
        ...(at !== undefined && { at: new Date(at).toISOString() }),
        countedBy,
        plan,
        data: { digest, rows, file: basename(file), format, ...(rows < facts.rows && { rowsInFile: facts.rows }) },
        definitions: {
          label: { column: label, positive: [positive] },
          decision: definitionOf(decision, positive),
          ...named,
        },
        joint,
        ...(scores && { scores: { joint: scores, range } }),
        ...(minimumCell !== undefined && { minimumCell }),
        software: { name: 'hansa', version: packageVersion() },
      }),
      2,
    );
    write(resolve(session.terminal.directory, out), document);
    session.settle();
    session.show(document, (shown) => countText(shown, out));
  } finally {
    await tables.close();
  }
}

/** The columns of weights and scores: those that the plan names, unless they have other names in this file. */
function columnsOf({ weight, score }: CountOptions, plan: AuditPlan): Pick<OutcomeDefinitions, 'weight' | 'score'> {
  if (weight !== undefined && plan.weight === undefined)
    throw badUsage('The plan that all cities share asks for no weights; leave out --weight.', '--weight');
  if (score !== undefined && plan.score === undefined)
    throw badUsage('The plan that all cities share asks for no scores; leave out --score.', '--score');
  return {
    ...(plan.weight !== undefined && { weight: { column: weight ?? plan.weight } }),
    ...(plan.score && { score: { column: score ?? plan.score.column } }),
  };
}

function definitionOf(decision: DecisionSource, positive: string): AuditCounts['definitions']['decision'] {
  return decision.kind === 'threshold' ? decision : { ...decision, positive: decision.positive ?? [positive] };
}

function write(file: string, document: AuditCounts): void {
  try {
    writeFileSync(file, auditCountsBytes(document));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CommandFailure({ kind: 'cli.file', detail: `${file} cannot be written (${code}).` }, 2);
  }
}

const cells = (tables: readonly HandedTable[]) =>
  tables.flatMap(({ groups }) => groups.flatMap((group) => group.cells));
const count = (tables: readonly HandedTable[]) => cells(tables).length;
const withheldIn = (tables: readonly HandedTable[]) => cells(tables).filter((cell) => cell === null).length;

function countText(document: AuditCounts, out: string): string {
  const { countedBy, data, planDigest, counts } = document;
  const scored =
    counts.kind === 'tables' && counts.scores
      ? ` Scores are in ${counts.scores.bins.length} bins, of everybody and ${counts.scores.tables.length - 1} of what the plan compares; no bin has fewer than ${counts.minimumCell}.`
      : '';
  const open =
    counts.kind === 'joint'
      ? `It holds every combination that occurs (${counts.codes.length}), also those of a few people: send it only to whoever may see that.`
      : `Of ${count(counts.tables)} numbers ${withheldIn(counts.tables)} are withheld: none can be computed from the others to within ${counts.minimumCell}.`;
  return [
    `${countedBy} counted ${data.rows} rows under the plan ${planDigest}.\n`,
    `Written: ${out} (${auditCountsDigest(document)}). ${open}${scored}\n`,
  ].join('');
}
