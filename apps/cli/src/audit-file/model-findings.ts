import { type Finding, findingTypes } from '@hansa/fair';
import { count } from '../print/text.js';
import type { AuditFileFacts } from './audit-file.js';

/** What a reader must know about how a model scored a file: that it was given rows with something missing. */
export function modelFindings({ columns, rows }: AuditFileFacts, features: readonly string[] = []): readonly Finding[] {
  const incomplete = columns.filter(({ name, missing }) => missing > 0 && features.includes(name));
  if (incomplete.length === 0) return [];
  const listed = incomplete.slice(0, 10).map(({ name, missing }) => `"${name}" in ${count(missing)}`);
  const more = incomplete.length > 10 ? ` and ${incomplete.length - 10} more columns` : '';
  const text = `The model scored rows in which a column that it uses is empty: ${listed.join(', ')} of ${count(rows)} rows${more}. Whether it was made for that, and whom it affects, only its makers can say.`;
  return [{ type: findingTypes.missingFeature, severity: 'medium', text }];
}
