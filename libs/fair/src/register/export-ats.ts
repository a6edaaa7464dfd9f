import { ok, type Result } from '@hansa/kernel';
import { z } from 'zod';
import { type AtsFieldName, atsFieldNames, atsFields, atsVersion } from './ats-fields.js';
import { filledEntry } from './fill-from-audits.js';
import { atsValue, requireComplete } from './register-entry.js';
import type { RegisterMaterial } from './register-material.js';
import { notPublished, type RegisterProblem } from './register-problem.js';

const shape = Object.fromEntries(
  atsFieldNames.map((name) => [name, atsFields[name].isRequired ? atsValue(name) : atsValue(name).optional()]),
) as Readonly<Record<AtsFieldName, z.ZodType<string | undefined>>>;

/** An entry by the Algorithmic Transparency Standard 0.3.1: its fields, types, lists and what it demands. */
export const AtsDocument = z.strictObject(shape).meta({
  id: 'AlgorithmicTransparencyStandard',
  title: 'Algorithmic Transparency Standard 0.3.1',
  description: 'An entry of an algorithm register. Made from the list of fields of the standard, in our own words.',
});
export type AtsDocument = Readonly<Partial<Record<AtsFieldName, string>>>;

/** An entry by the Algorithmic Transparency Standard, with what the audits fill in. */
export function exportAts(material: RegisterMaterial): Result<AtsDocument, RegisterProblem> {
  const values = filledEntry(material);
  const complete = requireComplete(values);
  if (!complete.ok) return complete;
  const { publication } = material;
  if (publication === null) return notPublished('publication_date');
  const given: AtsDocument = {
    ...values,
    standard_version: atsVersion,
    uuid: publication.id,
    publication_date: publication.firstPublishedAt.slice(0, 10),
    last_change_date: publication.changedAt.slice(0, 10),
  };
  const fields = atsFieldNames.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]] as const]));
  return ok(Object.fromEntries(fields));
}
