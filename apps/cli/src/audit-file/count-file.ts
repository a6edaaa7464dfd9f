import { writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import {
  type AuditCounts,
  auditCounts,
  auditCountsBytes,
  auditCountsDigest,
  columnsOfPlan,
  type HandedTable,
} from '@hansa/fair';
import { TableEngine } from '@hansa/tabular';
import { badUsage, CommandFailure, orFail } from '../failure.js';
import { packageVersion } from '../package-root.js';
import type { Session } from '../session.js';
import type { DecisionSource } from './audit-file.js';
import type { FileAuditOptions } from './options.js';
import { completePlan } from './plan-options.js';
import { readAuditFile } from './read-audit-file.js';
import { decisionOf } from './run-file-audit.js';

/** The options of `hansa audit count`. */
export interface CountOptions
  extends Pick<
    FileAuditOptions,
    'data' | 'label' | 'positive' | 'prediction' | 'positivePrediction' | 'threshold' | 'plan' | 'at' | 'out'
  > {
  readonly by?: string;
  readonly minimumCell?: number;
}

/** `hansa audit count`: counts a file under a plan that others share, and writes the counts and nothing else. */
export async function countFile(session: Session, options: CountOptions): Promise<void> {
  const { data: file, label, positive = '1', plan: planFile, by, at, out, minimumCell } = options;
  if (file === undefined) throw badUsage('Name the file of people: --data people.csv.', '--data');
  if (label === undefined) throw badUsage('Name the column that says what was true: --label <column>.', '--label');
  if (planFile === undefined) throw badUsage('Give the plan that all cities share: --plan plan.yaml.', '--plan');
  if (by === undefined) throw badUsage('Say whose rows these are: --by Ghent, or --by did:web:ghent.example.', '--by');
  if (out === undefined) throw badUsage('Say where the counts shall be written: --out counts.json.', '--out');
  if (at !== undefined && Number.isNaN(Date.parse(at))) throw badUsage('Write --at as 2026-11-23T10:00:00Z.', '--at');
  if (minimumCell !== undefined && minimumCell < 2)
    throw badUsage('Give --minimum-cell as a number from 2, for instance 10.', '--minimum-cell');
  const plan = completePlan(planFile, session.terminal);
  const decision = decisionOf(options);
  const tables = new TableEngine();
  try {
    const source = { file: resolve(session.terminal.directory, file), label, positive, decision };
    const { joint, facts } = orFail(await readAuditFile(tables, { ...source, protected: columnsOfPlan(plan) }), 2);
    const { digest, format, counted: rows } = facts;
    const document = orFail(
      auditCounts({
        ...(at !== undefined && { at: new Date(at).toISOString() }),
        countedBy: by,
        plan,
        data: { digest, rows, file: basename(file), format, ...(rows < facts.rows && { rowsInFile: facts.rows }) },
        definitions: { label: { column: label, positive: [positive] }, decision: definitionOf(decision, positive) },
        joint,
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
  const open =
    counts.kind === 'joint'
      ? `It holds every combination that occurs (${counts.codes.length}), also those of a few people: send it only to whoever may see that.`
      : `Of ${count(counts.tables)} numbers ${withheldIn(counts.tables)} are withheld: none can be computed from the others to within ${counts.minimumCell}.`;
  return [
    `${countedBy} counted ${data.rows} rows under the plan ${planDigest}.\n`,
    `Written: ${out} (${auditCountsDigest(document)}). ${open}\n`,
  ].join('');
}
