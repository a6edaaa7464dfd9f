import type { AuditReport } from '@hansa/fair';
import { digest, facts } from '../components/facts.js';
import { count } from '../format.js';
import type { Html, HtmlValue } from '../html.js';

/** How whoever publishes a report calls what its digests stand for. */
export interface EvidenceParts {
  readonly audited: HtmlValue;
  /** What the report's first digest is of: a model's file, or decisions that somebody else had made. */
  readonly kind: 'model' | 'decisions';
  readonly data: string;
  /** More about the data, by name; a value of null is left out. */
  readonly more: readonly (readonly [string, HtmlValue])[];
}

/** What exactly was audited, by digests: of other bytes this report says nothing. */
export function evidenceSection({ model, data }: AuditReport, parts: EvidenceParts): Html {
  const text = (value: unknown): string | null =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : null;
  return facts([
    ['Audited', parts.audited],
    ['Intended use', text(model.intendedUse)],
    ['Threshold', text(model.threshold)],
    [parts.kind === 'decisions' ? 'Digest of the decisions' : 'Digest of the model', digest(model.digest)],
    ['Data', parts.data],
    ['Rows', count(data.rows)],
    ...parts.more,
    ['Digest of the data', digest(data.digest)],
  ]);
}
