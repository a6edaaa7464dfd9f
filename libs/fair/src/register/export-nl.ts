import { ok, type Result } from '@hansa/kernel';
import { z } from 'zod';
import type { AtsStatus } from './ats-fields.js';
import { dutchCategories } from './entry-parts.js';
import type { RegisterMaterial } from './register-material.js';
import { doesNotFit, type RegisterProblem } from './register-problem.js';

const standard = 'Publicatiestandaard 1.0.0';

/** Text of fewer characters than a limit, as the standard puts it. */
function text(limit: number, describe: string) {
  const error = (issue: { readonly input?: unknown }): string => {
    if (typeof issue.input !== 'string') return 'is missing: the standard demands it, in Dutch';
    const { length } = issue.input;
    return length === 0 ? 'is empty' : `has ${length} characters; the standard takes fewer than ${limit}`;
  };
  return z
    .string({ error })
    .min(1, { error })
    .max(limit - 1, { error })
    .describe(describe);
}

const demanded = { error: 'is missing: the standard demands it' };
const web = (describe: string) => z.url({ protocol: /^https$/, error: 'must begin with https://' }).describe(describe);
const month = (describe: string) =>
  z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month as 2026-11')
    .describe(describe);

/** An entry for the Dutch algorithm register; members are the names of the standard's fields, in lower case. */
export const DutchDocument = z
  .strictObject({
    naam: text(100, 'The name'),
    korte_omschrijving: text(350, 'What it does, in plain Dutch'),
    organisatie: text(100, 'One organisation; where several use it, each has an entry'),
    thema: z.array(z.string().min(1)).optional().describe('Policy areas'),
    status: z.enum(['In ontwikkeling', 'In gebruik', 'Buiten gebruik'], demanded),
    begindatum: month('The month from which it is used').optional(),
    einddatum: month('The month in which its use ended').optional(),
    contactgegevens: z
      .union([z.email(), z.url({ protocol: /^https$/ })], {
        error: 'must be an e-mail address or begin with https://',
      })
      .describe('Where questions go'),
    publicatiecategorie: z.enum(dutchCategories, {
      error:
        'is missing: say nl.publicatiecategorie, which does not follow from the risk alone (Hoog-risico AI-systemen, Impactvolle algoritmes or Overige algoritmes)',
    }),
    link_publiekspagina: web('A page for everybody').optional(),
    link_bronregistratie: web('The entry that this one was made from').optional(),
    doel_en_impact: text(2500, 'Goal and impact').optional(),
    afwegingen: text(2500, 'What was weighed up').optional(),
    menselijke_tussenkomst: text(2500, 'What people do').optional(),
    risicobeheer: text(2500, 'How risks are dealt with').optional(),
    wettelijke_basis: text(2500, 'The legal basis').optional(),
    link_wettelijke_basis: web('Where the law can be read').optional(),
    titel_wettelijke_basis: text(100, 'The title of the law').optional(),
    verwerkingsregister: web('The entry in the register of processing').optional(),
    impacttoetsen: z
      .array(z.strictObject({ titel: z.string().min(1), link: web('Where it can be read').optional() }))
      .optional()
      .describe('Assessments of its impact, audits among them'),
    toelichting_impacttoetsen: text(2500, 'About these assessments').optional(),
    gegevens: text(2500, 'The data').optional(),
    link_gegevensbron: web('Where the data come from').optional(),
    titel_gegevensbron: text(500, 'What the source of the data is called').optional(),
    technische_werking: text(5000, 'How it works').optional(),
    leverancier: text(200, 'The supplier').optional(),
    link_broncode: web('The source code').optional(),
    taal: z.literal('nld').describe('ISO 639-3'),
    schema: z.literal('1.0.0'),
    bron_id: text(100, 'The identifier in the register that this one was made from').optional(),
    zoektermen: text(2500, 'Words to find it by').optional(),
  })
  .meta({
    id: 'Publicatiestandaard',
    title: standard,
    description: 'Of the Dutch Algoritmeregister, in our own words',
  });
export type DutchDocument = z.infer<typeof DutchDocument>;

const statuses: Readonly<Record<AtsStatus, DutchDocument['status']>> = {
  planned: 'In ontwikkeling',
  design: 'In ontwikkeling',
  development: 'In ontwikkeling',
  pilot: 'In gebruik',
  evaluation: 'In gebruik',
  operational: 'In gebruik',
  retired: 'Buiten gebruik',
};

/**
 * An entry for the Dutch algorithm register. Its texts are the entry's where that is in Dutch, and those of its part
 * `nl` first; nothing in another language passes for Dutch. A text that is too long is refused, never cut.
 */
export function exportDutch(material: RegisterMaterial): Result<DutchDocument, RegisterProblem> {
  const { entry, publication } = material;
  const { nl = {} } = entry;
  const { thema, ...texts } = nl;
  const draft = {
    ...(entry.lang === 'nl' ? dutchTexts(material) : {}),
    organisatie: entry.organization,
    status: entry.status && statuses[entry.status as AtsStatus],
    contactgegevens: entry.contact_email,
    publicatiecategorie: entry.risk_category === 'high risk' ? dutchCategories[0] : undefined,
    link_publiekspagina: entry.website,
    link_bronregistratie: secure(publication?.page),
    impacttoetsen: assessments(material),
    link_broncode: entry.codebase_url,
    leverancier: entry.ai_act?.provider,
    taal: 'nld',
    schema: '1.0.0',
    bron_id: publication?.id,
    ...texts,
    thema: thema === undefined ? undefined : [thema],
  };
  const given = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
  const read = DutchDocument.safeParse(given);
  return read.success ? ok(read.data) : doesNotFit(standard, read.error);
}

/** Only the editor's own words: what audits fill in is in English. */
function dutchTexts({ entry }: RegisterMaterial): Partial<DutchDocument> {
  const joined = (...parts: readonly (string | undefined)[]): string | undefined => {
    const given = parts.filter((part) => part !== undefined);
    return given.length === 0 ? undefined : given.join('\n\n');
  };
  const texts: Readonly<Partial<Record<keyof DutchDocument, string | undefined>>> = {
    naam: entry.name,
    korte_omschrijving: entry.description_short,
    doel_en_impact: joined(entry.goal, entry.impact),
    afwegingen: joined(entry.proportionality, entry.alternatives_considered),
    menselijke_tussenkomst: joined(entry.human_intervention, entry.objection_procedure),
    risicobeheer: joined(entry.risks, entry.monitoring),
    wettelijke_basis: entry.lawful_basis,
    toelichting_impacttoetsen: joined(entry.DPIA_description, entry.AIA_description),
    gegevens: joined(entry.source_data, entry.training_data, entry.data_bias),
    technische_werking: joined(entry.description, entry.methods_and_models, entry.performance),
    zoektermen: entry.keywords,
  };
  return texts as Partial<DutchDocument>;
}

function assessments({ entry, audits }: RegisterMaterial): DutchDocument['impacttoetsen'] {
  const named = (titel: string, text: string | undefined, link: string | undefined) =>
    text === undefined && link === undefined ? [] : [{ titel, ...(link === undefined ? {} : { link }) }];
  const all = [
    ...named('Data Protection Impact Assessment (DPIA)', entry.DPIA_description, entry.DPIA_url),
    ...named('Algorithm Impact Assessment', entry.AIA_description, entry.AIA_url),
    ...audits
      .filter(({ isRevoked }) => !isRevoked)
      .slice(0, 1)
      .flatMap(({ page }) => named('Audit van gelijke behandeling', '', secure(page ?? undefined))),
  ];
  return all.length === 0 ? undefined : all;
}

/** The standard takes addresses that begin with https:// only. A node in a test has another one, which is left out. */
function secure(address: string | undefined): string | undefined {
  return address?.startsWith('https://') ? address : undefined;
}
