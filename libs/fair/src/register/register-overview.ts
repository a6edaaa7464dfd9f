import { z } from 'zod';
import type { AtsValues } from './ats-fields.js';
import { atsValue } from './register-entry.js';

const Web = z.url();
const Count = z.int().min(0);
const verdicts = ['pass', 'fail', 'insufficient-data'] as const;

/**
 * What a node answers to the three questions of OASC's MIM5 (Fair and Transparent AI): does the organisation use AI and
 * at what level; what do the algorithms do; who has certified them.
 */
export const RegisterOverview = z
  .strictObject({
    type: z.literal('AlgorithmRegister'),
    organisation: z.string().describe('The DID of the node'),
    name: z.string(),
    usesAi: z
      .strictObject({
        answer: z.boolean().describe('A system in use learns from data, or a model is hosted here'),
        level: z
          .enum(['none', 'rule-based', 'hybrid', 'self-learning'])
          .describe('The furthest of all systems in use; rule-based systems count as algorithms, not as AI'),
        inUse: z.record(z.string(), Count).describe('Systems in use by kind of algorithm'),
        byRisk: z.record(z.string(), Count).describe('Systems in use by category of risk'),
        modelsWithoutEntry: Count.describe('Hosted models that no entry describes yet'),
      })
      .describe('Does it use AI, and at what level?'),
    algorithms: z
      .strictObject({
        schema: Web.describe('Of an entry'),
        list: Web,
        items: z.array(
          z.strictObject({
            id: z.string(),
            page: Web.describe('For people; as JSON by Accept'),
            name: atsValue('name'),
            description_short: atsValue('description_short'),
            goal: atsValue('goal'),
            algorithm_type: atsValue('algorithm_type'),
            type: atsValue('type'),
            domain: atsValue('domain'),
            status: atsValue('status'),
            risk_category: atsValue('risk_category'),
          }),
        ),
      })
      .describe('What do the algorithms do?'),
    certification: z
      .strictObject({
        registry: Web.describe('The signed list of revoked audits (Bitstring Status List 1.0)'),
        schema: Web.describe('Of the report that a credential is about'),
        items: z.array(
          z.strictObject({
            system: z.string(),
            audit: z.string(),
            issuer: z.string().describe('Who signed'),
            verdict: z.enum(verdicts),
            status: z.enum(['valid', 'expired', 'revoked']).describe('Whether the credential counts now'),
            issuedAt: z.iso.datetime(),
            validUntil: z.iso.datetime(),
            credential: Web,
            report: Web,
          }),
        ),
      })
      .describe('Who has certified them?'),
  })
  .meta({ id: 'AlgorithmRegister', title: 'Algorithm register of a node' });
export type RegisterOverview = z.infer<typeof RegisterOverview>;

/** A system as the overview counts it. */
export interface OverviewSystem {
  readonly id: string;
  readonly page: string;
  readonly values: AtsValues;
}

export interface OverviewInput {
  readonly organisation: string;
  readonly name: string;
  readonly systems: readonly OverviewSystem[];
  readonly modelsWithoutEntry: number;
  readonly certificates: readonly Omit<RegisterOverview['certification']['items'][number], 'status'>[];
  readonly revoked: ReadonlySet<string>;
  readonly addresses: {
    readonly list: string;
    readonly schema: string;
    readonly registry: string;
    readonly reports: string;
  };
  /** ISO 8601 in UTC: what has expired by then. */
  readonly now: string;
}

const inUse: readonly (string | undefined)[] = ['pilot', 'evaluation', 'operational'];
const levels = ['self-learning', 'hybrid', 'rule-based'] as const;

/** Answers the three questions from what is published. */
export function registerOverview(input: OverviewInput): RegisterOverview {
  const { organisation, name, systems, modelsWithoutEntry, certificates, revoked, addresses, now } = input;
  const used = systems.map(({ values }) => values).filter(({ status }) => inUse.includes(status));
  const kinds = counted(used.map(({ algorithm_type: kind }) => kind));
  const level = levels.find((one) => (kinds[one] ?? 0) > 0) ?? 'none';
  return {
    type: 'AlgorithmRegister',
    organisation,
    name,
    usesAi: {
      answer: level === 'self-learning' || level === 'hybrid' || modelsWithoutEntry > 0,
      level,
      inUse: kinds,
      byRisk: counted(used.map(({ risk_category: risk }) => risk)),
      modelsWithoutEntry,
    },
    algorithms: { schema: addresses.schema, list: addresses.list, items: systems.map(algorithm) },
    certification: {
      registry: addresses.registry,
      schema: addresses.reports,
      items: certificates.map((one) => ({
        ...one,
        status: revoked.has(one.audit) ? 'revoked' : one.validUntil < now ? 'expired' : 'valid',
      })),
    },
  };
}

/** A published entry has all of these. */
function algorithm({ id, page, values }: OverviewSystem): RegisterOverview['algorithms']['items'][number] {
  const { name = '', description_short = '', goal = '', algorithm_type = '', type = '' } = values;
  const { domain = '', status = '', risk_category = '' } = values;
  return { id, page, name, description_short, goal, algorithm_type, type, domain, status, risk_category };
}

function counted(values: readonly (string | undefined)[]): Record<string, number> {
  const given = values.filter((value) => value !== undefined).sort();
  return Object.fromEntries([...new Set(given)].map((one) => [one, given.filter((value) => value === one).length]));
}
