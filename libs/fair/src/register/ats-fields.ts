/** The policy areas of the standard; the spelling is the standard's. */
export const atsDomains = [
  'taxes',
  'housing, living and living environment',
  'culture, sports and leisure',
  'defence',
  'economy and entrepreneurship',
  'family, youth and households',
  'finance',
  'generic',
  'health and health care',
  'immigration and integration',
  'international collaboration and development aid',
  'agriculture, nature and food',
  'environment, spacial planning and water',
  'education and science',
  'public safety',
  'government',
  'justice',
  'travel, living and working abroad',
  'subsidies, benefits and allowances',
  'traffic and transportation',
  'work and career',
] as const;

/** How far a system is. */
export const atsStatuses = [
  'planned',
  'design',
  'development',
  'pilot',
  'evaluation',
  'operational',
  'retired',
] as const;
export type AtsStatus = (typeof atsStatuses)[number];

/** The risk that the law sees in a system. */
export const atsRiskCategories = ['minimal risk', 'limited risk', 'high risk', 'unacceptable'] as const;
export type AtsRiskCategory = (typeof atsRiskCategories)[number];

export const atsVersion = '0.3.1';

/** What a field takes. */
export type AtsKind =
  | 'text'
  | 'email'
  | 'url'
  | 'date'
  | 'language'
  | 'uuid'
  | 'version'
  | { readonly oneOf: readonly string[] };

export interface AtsField {
  readonly category: 'basic' | 'use case' | 'data' | 'algorithm' | 'oversight' | 'metadata';
  readonly kind: AtsKind;
  readonly isRequired: boolean;
  /** For people who read an entry. */
  readonly label: string;
  /** For people who write one: what the standard asks for. */
  readonly wants: string;
  /** The most characters. */
  readonly most?: number;
  /** The node writes it; an editor cannot. */
  readonly isOfNode?: true;
}

type Words = readonly [label: string, wants: string];
type Rest = Partial<Omit<AtsField, 'category'>>;

function field(category: AtsField['category'], isRequired: boolean, [label, wants]: Words, rest: Rest = {}): AtsField {
  return { category, kind: 'text', isRequired, label, wants, ...rest };
}
const must = (category: AtsField['category'], label: string, wants: string, rest?: Rest) =>
  field(category, true, [label, wants], rest);
const may = (category: AtsField['category'], label: string, wants: string, rest?: Rest) =>
  field(category, false, [label, wants], rest);

const types = ['self-learning', 'rule-based', 'hybrid'];
const uses = ['descriptive', 'diagnostic', 'predictive', 'prescriptive'];
const url = { kind: 'url' } as const;
const ofNode = (kind: AtsKind) => ({ kind, isOfNode: true }) as const;

/** The fields of the Algorithmic Transparency Standard 0.3.1 (Eurocities, draft), in its order, in our own words. */
export const atsFields = {
  name: must('basic', 'Name', 'the name by which people know this use of the algorithm'),
  description_short: must('basic', 'In short', 'what it does, in at most 150 characters', { most: 150 }),
  organization: must('basic', 'Organisation', 'the official name of the organisation that is responsible'),
  department: must('basic', 'Department', 'the department or team that uses it'),
  contact_email: must('basic', 'E-mail', 'an e-mail address for questions about the entry', { kind: 'email' }),
  contact_phone: may('basic', 'Telephone', 'a telephone number for questions'),
  contact_name: may('basic', 'Contact', 'whom to ask'),
  area: must('basic', 'Area', 'the official name of the area in which it is used'),
  domain: must('basic', 'Policy area', 'the policy area in which it is used', { kind: { oneOf: atsDomains } }),
  website: may('basic', 'Website', 'the address of a page about it for everybody', url),
  status: must('basic', 'Status', 'how far it is', { kind: { oneOf: atsStatuses } }),
  remark: may('basic', 'Remark', 'anything else that readers should know'),
  decision_making_process: must(
    'use case',
    'Decisions that it is part of',
    'the formal process in which it takes part, and who decides',
  ),
  goal: must('use case', 'What it is meant to achieve', 'what it is meant to achieve, and how it helps to'),
  impact: must('use case', 'What it means for people', 'how people come to feel its effects, and what they are'),
  risks: must('use case', 'Risks', 'the risks, how they were found, and what is done about each'),
  risk_category: must('use case', 'Risk category', 'the category of risk in the sense of the AI Act', {
    kind: { oneOf: atsRiskCategories },
  }),
  proportionality: must('use case', 'Why the benefit outweighs the harm', 'why it is necessary and worth its harm'),
  lawful_basis: must('use case', 'Legal basis', 'the law or decision that permits its use'),
  documentation: may('use case', 'More information', 'the address of further documents about this use', url),
  training_data: must('data', 'Data it was made from', 'the data it was trained on, and why each source was used'),
  source_data: must('data', 'Data it works with', 'the data it looks at when it is used'),
  data_bias: may('data', 'Known bias in the data', 'what is known about bias in the data, and what is done about it'),
  connected_data_sources: must('data', 'Connected data sources', 'the registers and systems that it is connected to'),
  DPIA_description: may('data', 'Data protection impact assessment', 'what the assessment found'),
  DPIA_url: may('data', 'Address of that assessment', 'where the assessment is published', url),
  algorithm_type: must('algorithm', 'Kind of algorithm', 'whether it learns, follows rules, or both', {
    kind: { oneOf: types },
  }),
  description: must('algorithm', 'How it works', 'how it gets from the data to its answer'),
  methods_and_models: may('algorithm', 'Methods and models', 'the methods and models in technical words'),
  performance: may('algorithm', 'How well it works', 'how well it works, measured how'),
  alternatives_considered: may('algorithm', 'Alternatives', 'what else was considered, and why it was not taken'),
  product_information: may('algorithm', 'Information of the supplier', 'the address of facts about the product', url),
  codebase_url: may('algorithm', 'Source code', 'the address of the source code', url),
  product_page: may('algorithm', 'Product page', "the address of the product's own page", url),
  AIA_description: may('algorithm', 'Algorithm impact assessment', 'what the assessment of the algorithm found'),
  AIA_url: may('algorithm', 'Address of that assessment', 'where that assessment is published', url),
  monitoring: must('oversight', 'How it is watched', 'how its working is watched, how often, and by whom'),
  type: must('oversight', 'What it does with data', 'whether it describes, explains, predicts or prescribes', {
    kind: { oneOf: uses },
  }),
  human_intervention: must('oversight', 'What people do', 'what people check, decide and can overrule'),
  objection_procedure: must('oversight', 'How to object', 'how somebody who is affected can object, and where'),
  rollback: may('oversight', 'How it can be stopped', 'how its use can be ended or undone'),
  standard_version: must('metadata', 'Version of the standard', 'the version of the standard', ofNode('version')),
  uuid: may('metadata', 'Identifier', 'an identifier of the entry', ofNode('uuid')),
  lang: must('metadata', 'Language', 'the language of the entry by ISO 639-1, as en or nl', { kind: 'language' }),
  publication_date: must('metadata', 'First published', 'the day of the first publication', ofNode('date')),
  last_change_date: must('metadata', 'Last change', 'the day of the last change', ofNode('date')),
  revision_date: must('metadata', 'To be looked at again by', 'the day by which it must be looked at again', {
    kind: 'date',
  }),
  revision_note: may('metadata', 'Why then', 'why it is to be looked at again then, or why it was changed'),
  keywords: may('metadata', 'Words to find it by', 'words to find the entry by'),
} as const satisfies Readonly<Record<string, AtsField>>;

export type AtsFieldName = keyof typeof atsFields;
export const atsFieldNames = Object.keys(atsFields) as readonly AtsFieldName[];

/** The values of an entry in the fields of the standard. */
export type AtsValues = Readonly<Partial<Record<AtsFieldName, string>>>;

/** What a field takes, as a sentence for whoever filled it in wrongly: `must be one of planned, design, …`. */
export function demandOf(name: AtsFieldName): string {
  const { kind, wants, most }: AtsField = atsFields[name];
  if (typeof kind === 'object') return `must be one of ${kind.oneOf.map((one) => `"${one}"`).join(', ')}`;
  const form = {
    text: most === undefined ? 'a text' : `a text of at most ${most} characters`,
    email: 'an e-mail address',
    url: 'an address that begins with https:// or http://',
    date: 'a day as 2026-11-23',
    language: 'a code of ISO 639-1 in two letters',
    uuid: 'a UUID',
    version: `"${atsVersion}"`,
  }[kind];
  return `must be ${form}: ${wants}`;
}
