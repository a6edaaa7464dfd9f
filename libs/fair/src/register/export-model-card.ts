import { ok, type Result, refuse } from '@hansa/kernel';
import { z } from 'zod';
import { rateNames } from '../rates.js';
import type { AuditReport, Slice } from '../report.js';
import { fairnessWords } from './fairness-words.js';
import { type AuditEvidence, type ModelFacts, newestAudit, type RegisterMaterial } from './register-material.js';
import { doesNotFit, type RegisterProblem } from './register-problem.js';

const text = z.string();
const web = z.url();
const described = z.array(z.strictObject({ description: text }));

/** A model card in the shape of the Model Card Toolkit, version 0.0.2, in the members that an audit can fill. */
export const ModelCardDocument = z
  .strictObject({
    schema_version: z.literal('0.0.2'),
    model_details: z.strictObject({
      name: text,
      overview: text.optional(),
      documentation: text.optional(),
      owners: z.array(z.strictObject({ name: text, contact: text.optional() })),
      version: z.strictObject({ name: text }).optional(),
      licenses: z.array(z.strictObject({ custom_text: text })),
      references: z.array(z.strictObject({ reference: web })),
    }),
    model_parameters: z.strictObject({
      model_architecture: text.optional(),
      data: z.array(z.strictObject({ name: text, description: text })),
      input_format: text.optional(),
      output_format: text.optional(),
    }),
    quantitative_analysis: z.strictObject({
      performance_metrics: z
        .array(
          z.strictObject({
            type: text.describe('The rate'),
            value: text.describe('A number as text, as the toolkit has it; where there is none, why'),
            slice: text.optional().describe('The group; absent for everybody'),
            confidence_interval: z.strictObject({ lower_bound: text, upper_bound: text }).optional(),
          }),
        )
        .describe('Every rate of every group'),
    }),
    considerations: z.strictObject({
      users: described,
      use_cases: described,
      limitations: described,
      tradeoffs: described,
      ethical_considerations: z.array(z.strictObject({ name: text, mitigation_strategy: text })),
    }),
  })
  .meta({ id: 'ModelCard', title: 'Model card', description: 'In the shape of the Model Card Toolkit, version 0.0.2' });
export type ModelCardDocument = z.infer<typeof ModelCardDocument>;

/** The model card of the audited model, with the rates of all groups and their intervals. */
export function exportModelCard(material: RegisterMaterial): Result<ModelCardDocument, RegisterProblem> {
  const { entry, models, audits } = material;
  const newest = newestAudit(audits);
  const model = newest ? (models.find(({ digest }) => digest === newest.report.model.digest) ?? null) : null;
  const about = model ?? models[0] ?? null;
  if (about === null && newest === undefined)
    return refuse(
      'register.not-published',
      'A model card is made of a hosted model or of an audit, and this entry is linked to neither.',
      'models',
    );
  const draft = {
    schema_version: '0.0.2',
    model_details: {
      ...detailsOf(about, newest, material),
      overview: entry.description_short ?? about?.description ?? undefined,
      documentation: entry.description,
    },
    model_parameters: {
      model_architecture: entry.methods_and_models,
      data: [...trainingOf(material), ...(newest ? [auditedData(newest.report)] : [])],
      input_format: joined(about?.inputs),
      output_format: joined(about?.outputs),
    },
    quantitative_analysis: { performance_metrics: newest ? newest.report.slices.flatMap(metricsOf) : [] },
    considerations: considerationsOf(about, newest, material),
  };
  const read = ModelCardDocument.safeParse(JSON.parse(JSON.stringify(draft)));
  return read.success ? ok(read.data) : doesNotFit('Model card', read.error);
}

function detailsOf(
  about: ModelFacts | null,
  newest: AuditEvidence | undefined,
  { entry }: RegisterMaterial,
): Partial<ModelCardDocument['model_details']> {
  const named = (member: string): string | undefined => {
    const value = newest?.report.model[member];
    return typeof value === 'string' ? value : undefined;
  };
  const version = about?.version ?? named('version');
  const contact = entry.contact_email;
  return {
    name: about?.name ?? named('name') ?? entry.name ?? 'the audited decisions',
    owners: (about?.owners ?? []).map((name) => ({ name, ...(contact === undefined ? {} : { contact }) })),
    ...(version === undefined ? {} : { version: { name: version } }),
    licenses: about?.licence == null ? [] : [{ custom_text: about.licence }],
    references: [newest?.page, newest?.credential].flatMap((reference) => (reference == null ? [] : [{ reference }])),
  };
}

function trainingOf({ entry }: RegisterMaterial): ModelCardDocument['model_parameters']['data'] {
  return entry.training_data === undefined ? [] : [{ name: 'Training data', description: entry.training_data }];
}

function auditedData({ data }: AuditReport): ModelCardDocument['model_parameters']['data'][number] {
  const name = typeof data.title === 'string' ? data.title : 'Audit data';
  return { name, description: `Audited on ${data.rows} rows (${data.digest}).` };
}

/** Each rate of a group, those without a figure with the reason in its place. */
function metricsOf({ attributes, rates }: Slice) {
  const slice = Object.entries(attributes)
    .map(([name, value]) => `${name}: ${value}`)
    .join(', ');
  const of = slice === '' ? {} : { slice };
  return rateNames.map((type) => {
    const rate = rates[type];
    if (rate.state !== 'value') return { type, value: `${rate.state}: ${rate.reason}`, ...of };
    const { lower, upper } = rate.interval;
    const bounds = { lower_bound: String(lower), upper_bound: String(upper) };
    return { type, value: String(rate.value), ...of, confidence_interval: bounds };
  });
}

function considerationsOf(
  about: ModelFacts | null,
  newest: AuditEvidence | undefined,
  { entry }: RegisterMaterial,
): ModelCardDocument['considerations'] {
  const descriptions = (texts: readonly (string | null | undefined)[]) =>
    texts.flatMap((description) => (description == null ? [] : [{ description }]));
  const findings = newest?.report.findings.map(({ text: name }) => ({
    name,
    mitigation_strategy: entry.risks ?? 'None is on record.',
  }));
  return {
    users: descriptions([entry.department]),
    use_cases: descriptions([entry.goal, about?.intendedUse]),
    limitations: descriptions(about?.limitations ?? []),
    tradeoffs: descriptions([entry.proportionality, ...(newest ? fairnessWords(newest).slice(0, 1) : [])]),
    ethical_considerations: findings ?? [],
  };
}

function joined(names: readonly string[] | undefined): string | undefined {
  return names === undefined || names.length === 0 ? undefined : names.join(', ');
}
