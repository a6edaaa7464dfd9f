import type { Json } from '@hansa/kernel';
import type { Discrepancy } from './differences.js';
import { type Rederivation, rederive } from './rederive.js';
import type { AuditReport } from './report.js';
import { AuditReportDocument } from './report.schema.js';

/** What came out of checking a document that calls itself an audit report. */
export interface DocumentCheck extends Rederivation {
  /** False where members are missing, unknown or of the wrong kind; then no figure was computed. */
  readonly wellFormed: boolean;
}

/**
 * Checks a report from elsewhere by itself: it must have the form of one, and every figure must follow from its counts.
 *
 * @example
 * rederiveDocument(JSON.parse(text)).discrepancies; // [] where nothing is wrong
 */
export function rederiveDocument(document: Json): DocumentCheck {
  const form = AuditReportDocument.safeParse(document);
  if (form.success) return { wellFormed: true, ...rederive(document as unknown as AuditReport) };
  const discrepancies = form.error.issues.map(({ path, message }): Discrepancy => {
    return { at: `/${path.join('/')}`, stated: null, rederived: message };
  });
  return { wellFormed: false, discrepancies, unchecked: [] };
}
