import { resolve } from 'node:path';
import type { ModelReference, RequestedModel } from '@hansa/fair';
import {
  bindColumns,
  boundColumns,
  type ColumnBinding,
  featureColumns,
  ModelHost,
  type ModelSignature,
  type PositiveClass,
  RowScorer,
  readingOf,
  readModelFile,
  type ScoreReading,
} from '@hansa/inference';
import { type Digest, digestOf, type Result } from '@hansa/kernel';
import type { Column, DerivedColumn } from '@hansa/tabular';
import { badUsage, CommandFailure } from '../failure.js';
import type { Terminal } from '../terminal.js';
import type { AuditFileProblem, DecisionSource } from './audit-file.js';
import { modelUse } from './model-options.js';
import { type FileAuditOptions, nameOf } from './options.js';

/** Auditors bring models of any size, and wait for them. */
const limits = {
  loadDeadline: 120_000,
  runDeadline: 300_000,
  residentBytes: 2 * 2 ** 30,
  addressSpaceBytes: 6e9,
} as const;

/**
 * A model out of an ONNX file, loaded in a process of its own, with what the options say about its use.
 *
 * @example
 * const model = await ScoringModel.open({ model: 'm.onnx', threshold: 0.5 }, terminal);
 * try {
 *   model.decision; // { kind: 'threshold', column: 'score of m.onnx', threshold: 0.5 }
 * } finally {
 *   await model.close();
 * }
 */
export class ScoringModel {
  #labels: ReadonlySet<string> = new Set();

  private constructor(
    readonly name: string,
    private readonly host: ModelHost,
    private readonly digest: Digest,
    private readonly signature: ModelSignature,
    private readonly reading: ScoreReading,
    /** What the report puts down of its use. */
    readonly use: RequestedModel,
  ) {}

  /** Loads a model and finds out which output is the score. What cannot be used ends the command with exit code 2. */
  static async open(
    options: FileAuditOptions & { readonly model: string },
    terminal: Terminal,
    use: RequestedModel = modelUse(options, terminal),
  ): Promise<ScoringModel> {
    const bytes = orExplain(await readModelFile(resolve(terminal.directory, options.model)), options.model);
    const digest = digestOf(bytes);
    const host = new ModelHost(limits);
    try {
      const signature = orExplain(await host.load({ digest, bytes }), options.model);
      const reading = orExplain(readingOf(signature, positiveOf(use, options.positive ?? '1')), options.model);
      if (reading.kind === 'label' && options.threshold !== undefined)
        throw badUsage(
          `The model ${options.model} gives labels and no scores, so there is nothing to cut by --threshold.`,
          '--threshold',
        );
      return new ScoringModel(nameOf(options, 'model', options.model), host, digest, signature, reading, use);
    } catch (error) {
      await host.close();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.host.close();
  }

  /** The decision as a column that is not in the file. */
  get decision(): Extract<DecisionSource, { kind: 'threshold' }> {
    const column = this.reading.kind === 'label' ? `label of ${this.name}` : `score of ${this.name}`;
    return { kind: 'threshold', column, threshold: this.threshold };
  }

  /** What a positive decision says. */
  get positive(): string {
    return this.reading.kind === 'label'
      ? `label of ${this.name} is ${this.reading.positive}`
      : `score of ${this.name} at least ${this.threshold}`;
  }

  get threshold(): number {
    return this.reading.kind === 'label' ? 0.5 : this.use.threshold;
  }

  /** The model as the report names it. */
  get reference(): ModelReference {
    const { reading, signature, use } = this;
    const { classes } = signature;
    const column = reading.kind === 'scores' ? (reading.column ?? 1) : undefined;
    return {
      digest: this.digest,
      file: this.name,
      ...use.card,
      inputs: signature.inputs.map(({ name }) => name),
      outputs: signature.outputs.map(({ name }) => name),
      output: reading.output,
      ...(use.features.length > 0 && { features: use.features }),
      ...(reading.kind === 'scores' ? { threshold: this.threshold } : { positiveClass: reading.positive }),
      ...(column !== undefined && classes && { positiveClass: classes[column] ?? String(column) }),
      ...(column !== undefined &&
        !classes &&
        reading.kind === 'scores' &&
        reading.column !== undefined && { positiveClass: column }),
    };
  }

  /** Decides how columns feed the model. */
  bind(columns: readonly Column[]): Result<ColumnBinding> {
    return bindColumns(this.signature, featureColumns(columns), this.use.features);
  }

  /**
   * The model's scores as a column that is computed as rows stream past.
   *
   * @param progress called with the number of rows done so far
   */
  derived(binding: ColumnBinding, progress: (rows: number) => void): DerivedColumn<AuditFileProblem> {
    const { host, digest, signature, reading } = this;
    const scorer = new RowScorer({ host, digest, signature, binding, reading });
    this.#labels = scorer.labels;
    return {
      name: this.decision.column,
      from: boundColumns(binding),
      compute: (batch, firstRow) => scorer.score(batch, firstRow, (done) => progress(firstRow - 1 + done)),
    };
  }

  /** Labels that a model gave which does not name its classes, when the positive one was not among them. */
  unexpectedLabels(hasPositive: boolean): readonly string[] {
    const isKnown = this.reading.kind !== 'label' || this.signature.classes !== undefined;
    return isKnown || hasPositive ? [] : [...this.#labels];
  }
}

/**
 * The model of `--model`, where one is to decide, and undefined where none is. The caller closes it.
 */
export async function modelOf(options: FileAuditOptions, terminal: Terminal): Promise<ScoringModel | undefined> {
  const { model, counts, prediction, positivePrediction } = options;
  if (model === undefined) {
    const uses = { card: '--card', features: '--features', positiveClass: '--positive-class' } as const;
    const useless = Object.entries(uses).find(([name]) => options[name as keyof typeof uses] !== undefined);
    if (useless !== undefined) throw badUsage(`${useless[1]} says how a model is used; name it with --model.`);
    return undefined;
  }
  if (model.startsWith('urn:'))
    throw badUsage(
      'With --data, --model is an ONNX file on this machine. For a model that a node hosts give --dataset, and --data only as the directory of the node.',
      '--model',
    );
  if (counts !== undefined) throw badUsage('A model decides about people: give --data with --model, not --counts.');
  if (prediction !== undefined || positivePrediction !== undefined)
    throw badUsage(
      'Give --model, which makes the decisions, or --prediction, the column in which they stand; what people decided goes with --human-baseline.',
    );
  return ScoringModel.open({ ...options, model }, terminal);
}

function positiveOf({ positiveClass }: RequestedModel, label: string): PositiveClass {
  if (typeof positiveClass === 'number') return { column: positiveClass };
  return positiveClass === undefined ? { label } : { name: positiveClass };
}

/** The options that mend what is wrong with the use of a model. */
const cures: Readonly<Record<string, string>> = {
  'model.unknown-class': 'Name it with --positive-class.',
  'model.features-needed': 'Give --features a,b,c, or a card that lists them: --card model-card.json.',
};

/** The value, or a failure that names the file and, where an option mends it, the option. */
export function orExplain<T>(result: Result<T>, file: string): T {
  if (result.ok) return result.value;
  const { problem } = result;
  const cure = cures[problem.kind];
  const detail = `${file}: ${problem.detail}${cure === undefined ? '' : ` ${cure}`}`;
  throw new CommandFailure({ ...problem, detail }, 2);
}
