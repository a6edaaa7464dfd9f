import { type AuditPlan, AuditPlanInput, planDefaults, testDefaults } from '@hansa/fair';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '@hansa/kernel';
import { readWritten } from '../arguments.js';
import { badUsage } from '../failure.js';
import type { Terminal } from '../terminal.js';

/** What the options of `hansa audit run` say about the plan. */
export interface PlanOptions {
  readonly outcome?: 'benefit' | 'burden';
  readonly protected?: readonly string[];
  readonly intersect?: readonly (readonly string[])[];
  readonly control?: readonly string[];
  readonly privileged?: Readonly<Record<string, string>>;
  /** A column of weights. */
  readonly weight?: string;
  /** A column of clusters. */
  readonly cluster?: string;
  /** A column of scores. */
  readonly score?: NonNullable<AuditPlan['score']>;
  /** From which chance is drawn. */
  readonly seed?: number;
  /** The file of a plan, YAML or JSON. */
  readonly plan?: string;
  /** What a positive decision is called where the plan does not say. */
  readonly positive: string;
  /** What is decided, where the plan does not say. */
  readonly name: string;
}

/** What is judged unless a plan says otherwise. */
const defaultMetrics = [
  {
    metric: 'equalizedOddsDifference',
    margin: 0.1,
    reason:
      'Mistakes should fall on all groups alike: among those with the same true answer, the shares that are decided positive may differ by at most ten points. This is the default of the command; give --plan to decide for your case.',
  },
  {
    metric: 'demographicParityRatio',
    margin: 0.8,
    reason:
      'The four-fifths rule of thumb (29 CFR 1607.4(D)), which asks for a closer look where one group is decided positive less than four fifths as often as another. This is the default of the command; give --plan to decide for your case.',
  },
] as const satisfies AuditPlan['metrics'];

/** How often is drawn unless the plan says so. */
const replicates = 1999;

/** What a plan says of something beside the option for it. */
const rest = (written: Json | undefined): JsonObject => (isJsonObject(written ?? null) ? (written as JsonObject) : {});

/**
 * The plan of an audit of a file: what the options say, what the file of the plan says, and defaults for the rest. The
 * two may not contradict each other.
 */
export function planOf(options: PlanOptions, terminal: Terminal): AuditPlan {
  const written = options.plan === undefined ? {} : readWritten(options.plan, 'plan', '--plan', terminal);
  const given: JsonObject = {
    ...(options.protected && { attributes: options.protected }),
    ...(options.intersect && { intersections: options.intersect }),
    ...(options.control && { controls: options.control }),
    ...(options.privileged && { privileged: options.privileged }),
    ...(options.weight !== undefined && { weight: options.weight }),
    ...(options.cluster !== undefined && { cluster: options.cluster }),
    ...(options.score && { score: { ...rest(written.score), ...options.score } }),
    ...(options.seed !== undefined && { draws: { replicates, ...rest(written.draws), seed: options.seed } }),
  };
  for (const [member, value] of Object.entries(given)) {
    if (member in written && canonicalJson(written[member] ?? null) !== canonicalJson(value as Json))
      throw badUsage(`The plan and the options name different ${member}. Give them in one place.`, `/${member}`);
  }
  const outcome = isJsonObject(written.outcome) ? written.outcome : {};
  if (options.outcome && outcome.polarity !== undefined && outcome.polarity !== options.outcome)
    throw badUsage(`The plan says ${JSON.stringify(outcome.polarity)}, and --outcome ${options.outcome}.`, '--outcome');
  const polarity = options.outcome ?? outcome.polarity;
  if (polarity === undefined)
    throw badUsage(
      'Say what a positive decision means to the person it is about: --outcome benefit, or --outcome burden.',
      '--outcome',
    );
  if (written.attributes === undefined && options.protected === undefined)
    throw badUsage('Name the columns whose groups are compared: --protected sex,race.', '--protected');
  const plan = AuditPlanInput.safeParse({
    conventions: ['fairlearn', 'aif360'],
    metrics: defaultMetrics,
    inequality: { concentration: 1 },
    ...planDefaults,
    rule: { ...planDefaults.rule, kind: 'interval' },
    // Tests are about rows: there are none in a weighted audit.
    ...(options.weight === undefined &&
      written.weight === undefined && {
        tests: { ...testDefaults, ...(options.seed !== undefined && { seed: options.seed }) },
      }),
    ...written,
    ...given,
    outcome: { name: options.name, positive: options.positive, ...outcome, polarity },
  });
  if (plan.success) return plan.data;
  const [issue] = plan.error.issues;
  throw badUsage(
    `The plan cannot be used: ${issue?.message ?? 'it is not a plan'}${issue?.path.length ? ` (at ${issue.path.join('.')})` : ''}.`,
    issue && `/${issue.path.join('/')}`,
  );
}

/** A plan that several cities share: it must say by itself what is decided, since each city has names of its own. */
export function completePlan(file: string, terminal: Terminal): AuditPlan {
  const { outcome, task } = readWritten(file, 'plan', '--plan', terminal);
  if (task !== undefined)
    throw badUsage(
      `The plan is for the task ${JSON.stringify(task)}; several cities can only audit yes-or-no decisions together.`,
      '/task',
    );
  if (!isJsonObject(outcome) || outcome.name === undefined || outcome.positive === undefined)
    throw badUsage(
      `The plan ${file} must say what is decided, for all cities alike: outcome: { name: …, positive: …, polarity: … }.`,
      '/outcome',
    );
  return planOf({ plan: file, name: '', positive: '' }, terminal);
}

/** `race=Caucasian,sex=Male` as an object. */
export function groupsByAttribute(text: string, option = '--privileged'): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw badUsage(`Write ${option} as column=value, not as "${pair}".`, option);
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}

/** `sex*race,sex*age` as lists of columns. */
export function crossings(text: string): readonly (readonly string[])[] {
  return text.split(',').map((crossing) => {
    const attributes = crossing.split('*').map((name) => name.trim());
    if (attributes.length < 2 || attributes.includes('') || new Set(attributes).size < attributes.length)
      throw badUsage(`Write --intersect as columns joined by *, as in sex*race, not as "${crossing}".`, '--intersect');
    return attributes;
  });
}

/** `0,1` as two numbers. */
export function range(text: string, option: string): readonly [number, number] {
  const [lower = Number.NaN, upper = Number.NaN, ...more] = text
    .split(',')
    .map((end) => (end.trim() === '' ? Number.NaN : Number(end)));
  if (more.length > 0 || !(lower < upper) || !Number.isFinite(upper - lower))
    throw badUsage(`Write ${option} as two rising numbers, as in 0,1, not as "${text}".`, option);
  return [lower, upper];
}

/** `sex, race` as a list. */
export function columnNames(text: string, option: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes(''))
    throw badUsage(`Write ${option} as names with commas between them, not as "${text}".`, option);
  return [...new Set(names)];
}
