import { ok, type Result } from '@hansa/kernel';
import { exportAnnexIv } from './export-annex-iv.js';
import { exportArticle27 } from './export-article-27.js';
import { AtrsDocument, exportAtrs } from './export-atrs.js';
import { AtsDocument, exportAts } from './export-ats.js';
import { exportModelCard, ModelCardDocument } from './export-model-card.js';
import { DutchDocument, exportDutch } from './export-nl.js';
import type { RegisterMaterial } from './register-material.js';
import type { RegisterProblem } from './register-problem.js';

/** The forms in which an entry can be taken elsewhere. */
export const exportFormats = ['ats', 'nl', 'atrs', 'model-card', 'annex-iv', 'article-27'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What a form is called. */
export const exportNames: Readonly<Record<ExportFormat, string>> = {
  ats: 'Algorithmic Transparency Standard 0.3.1',
  nl: 'Dutch Algoritmeregister, Publicatiestandaard 1.0.0',
  atrs: 'UK Algorithmic Transparency Recording Standard',
  'model-card': 'Model card (Model Card Toolkit 0.0.2)',
  'annex-iv': 'AI Act, Annex IV: technical documentation',
  'article-27': 'AI Act, Article 27: fundamental rights impact assessment',
};

/** The forms that are JSON, with what they are checked by before they leave. */
export const exportSchemas = {
  ats: AtsDocument,
  nl: DutchDocument,
  atrs: AtrsDocument,
  'model-card': ModelCardDocument,
} as const;

export interface Exported {
  readonly mediaType: 'application/json' | 'text/markdown';
  /** For the name of a file. */
  readonly extension: 'json' | 'md';
  readonly body: string;
}

/**
 * An entry in another form. Pure: the same material gives the same bytes.
 *
 * @example
 * exportAs('ats', material); // register.incomplete: 'objection_procedure is missing and must be a text: how …'
 */
export function exportAs(format: ExportFormat, material: RegisterMaterial): Result<Exported, RegisterProblem> {
  switch (format) {
    case 'ats':
      return json(exportAts(material));
    case 'nl':
      return json(exportDutch(material));
    case 'atrs':
      return json(exportAtrs(material));
    case 'model-card':
      return json(exportModelCard(material));
    case 'annex-iv':
      return markdown(exportAnnexIv(material));
    case 'article-27':
      return markdown(exportArticle27(material));
  }
}

function json(document: Result<object, RegisterProblem>): Result<Exported, RegisterProblem> {
  if (!document.ok) return document;
  const body = `${JSON.stringify(document.value, null, 2)}\n`;
  return ok({ mediaType: 'application/json', extension: 'json', body });
}

function markdown(body: string): Result<Exported, RegisterProblem> {
  return ok({ mediaType: 'text/markdown', extension: 'md', body });
}
