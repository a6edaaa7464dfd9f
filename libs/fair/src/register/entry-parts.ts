import { z } from 'zod';

const note = (describe: string) => z.string().min(1).max(20_000).optional().describe(describe);
const address = (describe: string) =>
  z
    .url({ protocol: /^https?$/, error: 'must be an address that begins with https:// or http://' })
    .optional()
    .describe(describe);
const month = (describe: string) =>
  z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month as 2026-11')
    .optional()
    .describe(describe);

/** The categories by which the Dutch register sorts what is published. */
export const dutchCategories = ['Hoog-risico AI-systemen', 'Impactvolle algoritmes', 'Overige algoritmes'] as const;

/**
 * What the Dutch register asks for beyond the fields of an entry, by the names of its standard. Texts given here take
 * the place of the entry's own, and all of them are needed where the entry is in another language than Dutch.
 */
export const DutchPart = z
  .strictObject({
    naam: note('The name in Dutch'),
    korte_omschrijving: note('What it does, in Dutch'),
    thema: note('A policy area of the Dutch government thesaurus'),
    begindatum: month('The month from which it is used'),
    einddatum: month('The month in which its use ended'),
    publicatiecategorie: z.enum(dutchCategories).optional().describe('A high risk is category A without being said'),
    doel_en_impact: note('Goal and impact in Dutch'),
    afwegingen: note('What was weighed up, in Dutch'),
    menselijke_tussenkomst: note('What people do, in Dutch'),
    risicobeheer: note('How risks are dealt with, in Dutch'),
    wettelijke_basis: note('The legal basis in Dutch'),
    link_wettelijke_basis: address('Where the law can be read'),
    titel_wettelijke_basis: note('The title of the law'),
    verwerkingsregister: address('The entry in the register of processing'),
    toelichting_impacttoetsen: note('About the impact assessments, in Dutch'),
    gegevens: note('The data, in Dutch'),
    link_gegevensbron: address('Where the data come from'),
    titel_gegevensbron: note('What the source of the data is called'),
    technische_werking: note('How it works, in Dutch'),
    leverancier: note('The supplier'),
    zoektermen: note('Words to find it by, in Dutch'),
  })
  .meta({ id: 'DutchPart' });
export type DutchPart = z.infer<typeof DutchPart>;

/** What the Algorithmic Transparency Recording Standard of the United Kingdom asks for beyond the fields of an entry. */
export const AtrsPart = z
  .strictObject({
    senior_responsible_owner: note('The role that answers for it'),
    external_supplier: z
      .strictObject({
        name: note('The supplier'),
        identifier: note('Its number in the register of companies'),
        role: note('What it does for the system'),
        procurement_procedure_type: note('How it was bought'),
        data_access_terms: note('What data the supplier may see, and on what terms'),
      })
      .optional()
      .describe('Absent where nobody outside is involved'),
    scope: note('What it is meant for, and what not'),
    benefit: note('What it brings, and to whom'),
    system_architecture: note('Its parts, and how they work together'),
    frequency_and_scale_of_usage: note('How often it is used, and for how many people'),
    maintenance: note('How it is kept up to date'),
    provided_information: note('What people who decide see of its answer'),
    required_training: note('What people who use it must have learnt'),
    data_collection: note('How and why the data was first collected'),
    data_sharing_agreements: note('The agreements under which it gets the data'),
    data_access_and_storage: note('Who can see the data, and how long it is kept'),
  })
  .meta({ id: 'AtrsPart' });
export type AtrsPart = z.infer<typeof AtrsPart>;

/** What the AI Act asks for in its Annex IV and its Article 27 beyond the fields of an entry. */
export const AiActPart = z
  .strictObject({
    provider: note('Who has made the system and puts it on the market'),
    deployer: note('Who uses it under its own authority; else the organisation of the entry'),
    annex_iii_point: note('The point of Annex III that it falls under, as 5(a)'),
    forms_of_use: note('As a program, a service, part of a device'),
    hardware: note('The machines that it is meant to run on'),
    instructions_for_use: note('What the provider tells those who use it'),
    development: note('How it was developed, with which tools of others'),
    design_choices: note('What it optimises, what was assumed, what was traded off'),
    predetermined_changes: note('Changes that were decided beforehand'),
    robustness: note('How it was tested against errors and drift'),
    cybersecurity: note('How it is protected'),
    input_specification: note('What the input must be like'),
    risk_management: note('How risks are managed (Article 9)'),
    lifecycle_changes: note('What was changed since it was first used'),
    standards: note('The harmonised standards or common specifications that were applied'),
    declaration_of_conformity: address('Where the declaration of conformity can be read'),
    post_market_plan: note('How it is watched after it was put to use (Article 72)'),
    period_and_frequency: note('From when to when, and how often it is used'),
    affected_groups: note('The people and groups whom it is likely to affect'),
    specific_harms: note('The harm that it may do to them'),
    measures: note('What is done when harm happens: who decides, where people complain'),
    authority_notified: note('When the market surveillance authority was told'),
  })
  .meta({ id: 'AiActPart' });
export type AiActPart = z.infer<typeof AiActPart>;
