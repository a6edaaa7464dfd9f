import type { Problem } from '@hansa/kernel';

/** Element types of tensors that columns and requests can carry. */
export type ElementType = 'float32' | 'float64' | 'int64' | 'int32' | 'bool' | 'string';

/** A fixed size, the name of a size that may vary, or null where the model says nothing. */
export type Dimension = number | string | null;

/** An input or output of a model. */
export type ModelValue =
  | {
      readonly name: string;
      readonly kind: 'tensor';
      readonly elementType: ElementType;
      readonly shape: readonly Dimension[];
    }
  /** Anything else, for instance `sequence(map(int64, float32))`, which ZipMap makes. It cannot be fed or fetched as such. */
  | { readonly name: string; readonly kind: 'other'; readonly type: string };

export type TensorValue = Extract<ModelValue, { kind: 'tensor' }>;

/** What a model is from the outside, read from its bytes without running anything. */
export interface ModelSignature {
  readonly irVersion: number;
  readonly producer: string;
  readonly opsets: readonly { readonly domain: string; readonly version: number }[];
  /** Distinct operators, sorted; those outside the default domain behind it: `ai.onnx.ml.TreeEnsembleClassifier`. */
  readonly operators: readonly string[];
  /** Nodes of all graphs, sub-graphs included. */
  readonly nodes: number;
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  /** The classes that the model's classifier or ZipMap names, in the order of their probabilities; absent where none does. */
  readonly classes?: readonly string[];
}

/** Stable kinds of what can go wrong with a model or with feeding it. */
export type ModelProblemKind =
  | 'model.not-onnx'
  | 'model.too-large'
  | 'model.external-data'
  | 'model.forbidden-operator'
  | 'model.forbidden-content'
  | 'model.too-complex'
  | 'model.unreadable'
  | 'model.digest-mismatch'
  | 'model.not-loaded'
  | 'model.refused'
  | 'model.deadline'
  | 'model.out-of-memory'
  | 'model.crashed'
  | 'model.quarantined'
  | 'model.busy'
  | 'model.missing-input'
  | 'model.wrong-type'
  | 'model.wrong-shape'
  | 'model.missing-column'
  | 'model.missing-value'
  | 'model.features-needed'
  | 'model.no-tensor-output'
  | 'model.unknown-output'
  | 'model.unknown-class'
  | 'model.no-score';

export type ModelProblem = Problem<ModelProblemKind>;
