import type { AuditReport } from '@hansa/fair';

/** What a report does not know about itself. */
export interface ReportDocumentOptions {
  /** What was audited, as it fits into a sentence: `the decisions in people.csv`. */
  readonly subject: string;
  /** What the digest of the report's model is of: a model's file, or decisions that somebody else had made. */
  readonly kind: 'model' | 'decisions';
  /** How the data are called: `people.csv`. */
  readonly data: string;
  /** More facts about the data: name and value, `['Column with the true answer', 'two_year_recid']`. */
  readonly more?: readonly (readonly [string, string])[];
  /** The command that computes the same report from the same files again; null where there is none. */
  readonly command: string | null;
  /** The bytes of `report.json`, where they have been made already. */
  readonly content?: Uint8Array;
}

/** The options as far as a report tells them itself: by the names of its model and its data. */
export function optionsOfReport({ model, data }: Pick<AuditReport, 'model' | 'data'>): ReportDocumentOptions {
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  const label = text(data.label);
  const name = text(data.title) ?? text(data.file) ?? 'the data';
  const version = text(model.version);
  const hosted = text(model.name);
  return {
    subject: hosted === null ? `the decisions in ${name}` : `${hosted}${version === null ? '' : ` ${version}`}`,
    kind: hosted === null ? 'decisions' : 'model',
    data: name,
    more: label === null ? [] : [['Column with the true answer', label]],
    command: null,
  };
}
