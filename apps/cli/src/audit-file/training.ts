import { type Finding, findingTypes } from '@hansa/fair';
import type { JsonObject } from '@hansa/kernel';
import { ok, type Result } from '@hansa/kernel';
import type { TableEngine, TableSource } from '@hansa/tabular';
import { count } from '../print/text.js';
import type { AuditFileProblem } from './audit-file.js';
import { sourceOf } from './read-audit-file.js';

/** What was found in the data that a model was trained on. */
interface TrainingFacts {
  /** For the report's statement of its data. */
  readonly reference: JsonObject;
  readonly findings: readonly Finding[];
}

/** A larger share of rows that a model has seen is grave. */
const graveShare = 0.01;

/** Rows of the audited file that stand in the training file as well. */
export async function trainingFacts(
  tables: TableEngine,
  source: TableSource,
  { file, name, rows }: { readonly file: string; readonly name: string; readonly rows: number },
): Promise<Result<TrainingFacts, AuditFileProblem>> {
  const training = sourceOf(file, undefined, name);
  if (!training.ok) return training;
  const found = await tables.countSharedRows(source, training.value);
  if (!found.ok) return found;
  const { shared, columns, other } = found.value;
  const reference = { file: name, digest: other.digest, sharedRows: shared, columns: [...columns] };
  if (shared === 0) return ok({ reference, findings: [] });
  const share = shared / rows;
  const text = `${count(shared)} of ${count(rows)} rows (${Number((share * 100).toFixed(1))} %) stand in the training data ${name} as well, equal in all ${columns.length} columns that both files have. A model may know their answers by heart, so figures over them flatter it.`;
  const severity = share > graveShare ? 'high' : 'medium';
  return ok({ reference, findings: [{ type: findingTypes.trainingLeakage, severity, text }] });
}
