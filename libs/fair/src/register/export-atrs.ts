import { ok, type Result } from '@hansa/kernel';
import { z } from 'zod';
import type { AtsStatus } from './ats-fields.js';
import { fairnessWords } from './fairness-words.js';
import { filledEntry } from './fill-from-audits.js';
import { newestAudit, type RegisterMaterial } from './register-material.js';
import { doesNotFit, type RegisterProblem } from './register-problem.js';

const demanded = (wants: string) =>
  z
    .string({ error: `is missing: ${wants}` })
    .min(1)
    .describe(wants.charAt(0).toUpperCase() + wants.slice(1));
const optional = (wants: string) => z.string().min(1).optional().describe(wants);
const web = z.url({ protocol: /^https?$/ });
const phases = ['idea', 'design', 'development', 'production', 'retired'] as const;

/** A record of the Algorithmic Transparency Recording Standard of the United Kingdom, in its two tiers. */
export const AtrsDocument = z
  .strictObject({
    tier_1: z
      .strictObject({
        name: demanded('the name of the tool'),
        description: demanded('what it does and why, for everybody'),
        website_url: web.optional(),
        contact_email: z.email({ error: 'is missing or no e-mail address' }),
      })
      .describe('For everybody'),
    tier_2: z
      .strictObject({
        owner_and_responsibility: z.strictObject({
          organisation: demanded('the organisation that uses it'),
          team: demanded('the team that answers for it'),
          senior_responsible_owner: optional('The role that answers for it'),
          external_supplier_involvement: z.enum(['yes', 'no']),
          external_supplier: z
            .strictObject({
              name: optional('The supplier'),
              identifier: optional('Its number in the register of companies'),
              role: optional('What it does'),
              procurement_procedure_type: optional('How it was bought'),
              data_access_terms: optional('What data it may see'),
            })
            .optional(),
        }),
        description_and_rationale: z.strictObject({
          detailed_description: demanded('how it works'),
          scope: optional('What it is for, and what not'),
          benefit: optional('What it brings'),
          previous_process_and_alternatives: optional('What else was considered'),
        }),
        decision_making_process: z.strictObject({
          process_integration: demanded('the process that it is part of'),
          provided_information: optional('What people who decide see of its answer'),
          frequency_and_scale_of_usage: optional('How often it is used'),
          human_decisions_and_review: demanded('what people check and decide'),
          required_training: optional('What people who use it must have learnt'),
          appeals_and_review: demanded('how somebody can object'),
        }),
        tool_specification: z.strictObject({
          system_architecture: optional('Its parts'),
          phase: z.enum(phases, { error: 'is missing: how far it is' }),
          maintenance: optional('How it is kept up to date'),
          models: z.array(
            z.strictObject({
              name: z.string(),
              version: z.string(),
              task: optional('What it is for'),
              input: optional('What goes in'),
              output: optional('What comes out'),
              performance: optional('How well it works'),
              limitations: z.array(z.string()),
            }),
          ),
        }),
        data: z.strictObject({
          source_data_description: demanded('the data it looks at'),
          development_data_description: optional('The data it was made from'),
          connected_sources: optional('What it is connected to'),
          data_collection: optional('How and why the data was collected'),
          data_sharing_agreements: optional('The agreements under which it gets the data'),
          data_access_and_storage: optional('Who can see the data, and how long it is kept'),
        }),
        risks_mitigations_and_impact_assessments: z.strictObject({
          impact_assessments: z.array(
            z.strictObject({
              name: z.string(),
              description: optional('What it found'),
              date: z.iso.date().optional(),
              link: web.optional(),
            }),
          ),
          risks: z.array(z.strictObject({ description: z.string(), mitigation: optional('What is done about it') })),
        }),
      })
      .describe('For those who look closer'),
  })
  .meta({
    id: 'AlgorithmicTransparencyRecord',
    title: 'Algorithmic Transparency Recording Standard',
    description: 'Of the United Kingdom: the fields of both tiers, in our own words',
  });
export type AtrsDocument = z.infer<typeof AtrsDocument>;

const phaseOf: Readonly<Record<AtsStatus, (typeof phases)[number]>> = {
  planned: 'idea',
  design: 'design',
  development: 'development',
  pilot: 'production',
  evaluation: 'production',
  operational: 'production',
  retired: 'retired',
};

/** An entry as a record of the United Kingdom's standard: tier 1 for everybody, tier 2 for those who look closer. */
export function exportAtrs(material: RegisterMaterial): Result<AtrsDocument, RegisterProblem> {
  const { entry } = material;
  const values = filledEntry(material);
  const { atrs = {} } = entry;
  const draft = {
    tier_1: {
      name: values.name,
      description: values.description_short,
      website_url: values.website ?? material.publication?.page,
      contact_email: values.contact_email,
    },
    tier_2: {
      owner_and_responsibility: {
        organisation: values.organization,
        team: values.department,
        senior_responsible_owner: atrs.senior_responsible_owner,
        external_supplier_involvement: atrs.external_supplier ? 'yes' : 'no',
        external_supplier: atrs.external_supplier,
      },
      description_and_rationale: {
        detailed_description: values.description,
        scope: atrs.scope,
        benefit: atrs.benefit ?? values.goal,
        previous_process_and_alternatives: values.alternatives_considered,
      },
      decision_making_process: {
        process_integration: values.decision_making_process,
        provided_information: atrs.provided_information,
        frequency_and_scale_of_usage: atrs.frequency_and_scale_of_usage,
        human_decisions_and_review: values.human_intervention,
        required_training: atrs.required_training,
        appeals_and_review: values.objection_procedure,
      },
      tool_specification: {
        system_architecture: atrs.system_architecture ?? values.methods_and_models,
        phase: values.status && phaseOf[values.status as AtsStatus],
        maintenance: atrs.maintenance ?? values.monitoring,
        models: modelsOf(material, values.performance),
      },
      data: {
        source_data_description: values.source_data,
        development_data_description: values.training_data,
        connected_sources: values.connected_data_sources,
        data_collection: atrs.data_collection,
        data_sharing_agreements: atrs.data_sharing_agreements,
        data_access_and_storage: atrs.data_access_and_storage,
      },
      risks_mitigations_and_impact_assessments: {
        impact_assessments: assessmentsOf(material),
        risks: values.risks === undefined ? [] : [{ description: values.risks }],
      },
    },
  };
  const read = AtrsDocument.safeParse(JSON.parse(JSON.stringify(draft)));
  return read.success ? ok(read.data) : doesNotFit('Algorithmic Transparency Recording Standard', read.error);
}

function modelsOf({ models }: RegisterMaterial, performance: string | undefined) {
  const listed = (names: readonly string[]) => (names.length === 0 ? undefined : names.join(', '));
  return models.map(({ name, version, intendedUse, inputs, outputs, limitations }, i) => ({
    name,
    version,
    task: intendedUse ?? undefined,
    input: listed(inputs),
    output: listed(outputs),
    performance: i === 0 ? performance : undefined,
    limitations,
  }));
}

function assessmentsOf({ entry, audits }: RegisterMaterial) {
  const assessment = (name: string, description: string | undefined, link: string | undefined) =>
    description === undefined && link === undefined ? [] : [{ name, description, link }];
  const newest = newestAudit(audits);
  return [
    ...assessment('Data protection impact assessment', entry.DPIA_description, entry.DPIA_url),
    ...assessment('Algorithm impact assessment', entry.AIA_description, entry.AIA_url),
    ...(newest === undefined
      ? []
      : [
          {
            name: 'Audit for fairness',
            description: fairnessWords(newest).join(' '),
            date: (newest.issuedAt ?? newest.report.at)?.slice(0, 10),
            link: newest.page ?? undefined,
          },
        ]),
  ];
}
