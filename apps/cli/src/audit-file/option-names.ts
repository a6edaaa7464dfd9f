import { basename } from 'node:path';
import type { ReportRequest, RequestedModel } from '@hansa/fair';
import { badUsage } from '../failure.js';
import type { FileAuditOptions } from './options.js';

/** What each option of an audit of a file is called on the command line. */
const optionNames = {
  data: '--data',
  task: '--task',
  counts: '--counts',
  suppressedBelow: '--suppressed-below',
  population: '--population',
  label: '--label',
  positive: '--positive',
  prediction: '--prediction',
  model: '--model',
  card: '--card',
  features: '--features',
  positiveClass: '--positive-class',
  humanBaseline: '--human-baseline',
  positiveBaseline: '--positive-baseline',
  positivePrediction: '--positive-prediction',
  threshold: '--threshold',
  score: '--score',
  scoreRange: '--score-range',
  weight: '--weight',
  cluster: '--cluster',
  seed: '--seed',
  outcome: '--outcome',
  protected: '--protected',
  intersect: '--intersect',
  control: '--control',
  privileged: '--privileged',
  time: '--time',
  training: '--training',
  proxies: '--proxies',
  plan: '--plan',
  at: '--at',
} as const satisfies Partial<Record<keyof FileAuditOptions, string>>;

type Named = keyof typeof optionNames;

const files: ReadonlySet<string> = new Set(['data', 'counts', 'training', 'plan', 'model', 'card']);

/** What was typed, with the names of files as a reader of the report has them. */
export function commandOf(options: FileAuditOptions): string {
  const words = Object.entries(optionNames).flatMap(([member, name]) => {
    const value = options[member as Named];
    if (value === undefined) return [];
    if (value === true) return [name];
    const text = files.has(member) ? basename(String(value)) : String(value);
    return [name, /^[\w.,:=@/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`];
  });
  return [...words, '--out', 'audit'].join(' ');
}

/** Options that the plan holds, in whatever way they came into it. */
const inPlan: ReadonlySet<string> = new Set([
  'task',
  'outcome',
  'protected',
  'intersect',
  'control',
  'privileged',
  'weight',
  'seed',
  'scoreRange',
]);
/** Options that say how a model is used; its card may say so as well. */
const ofModel: ReadonlySet<string> = new Set(['threshold', 'features', 'positiveClass']);

const isPutDown = (member: string) => member !== 'at' && !files.has(member) && !inPlan.has(member);

/** What a report puts down about the options, so that it can be computed again. */
export function requestOf(options: FileAuditOptions, model: RequestedModel | undefined): ReportRequest {
  const given = Object.entries(optionNames).flatMap(([member, name]) => {
    const value = options[member as Named];
    const isKept = isPutDown(member) && !(model && ofModel.has(member));
    return value === undefined || !isKept ? [] : [[name.slice(2), value] as const];
  });
  return {
    of: options.counts === undefined ? 'people' : 'counts',
    options: Object.fromEntries(given),
    ...(model && { model }),
  };
}

/** The options with values of a kind; one that is added and not named here does not compile. */
type OptionsOf<T> = {
  [K in keyof FileAuditOptions]-?: NonNullable<FileAuditOptions[K]> extends T ? K : never;
}[keyof FileAuditOptions];
const numbers: Readonly<Record<OptionsOf<number>, true>> = { suppressedBelow: true, threshold: true, seed: true };
const flags: Readonly<Record<OptionsOf<boolean>, true>> = { proxies: true, pdf: true };

/** The options that a report puts down, for a second run. A report is somebody else's: it can name no file. */
export function requestedOptions({ options }: ReportRequest): FileAuditOptions {
  const given = Object.entries(options).map(([name, value]) => {
    const member = Object.entries(optionNames).find(([own, option]) => option === `--${name}` && isPutDown(own))?.[0];
    if (member === undefined)
      throw badUsage(
        `The report was asked for with --${name}, which this version of Hansa does not have. Run the version that wrote it.`,
        `/request/options/${name}`,
      );
    const kind = member in numbers ? 'number' : member in flags ? 'boolean' : 'string';
    if (typeof value !== kind) throw badUsage(`The report has no ${kind} for --${name}.`, `/request/options/${name}`);
    return [member, value] as const;
  });
  return Object.fromEntries(given);
}
