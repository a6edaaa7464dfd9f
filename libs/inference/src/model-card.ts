import type { JsonObject } from '@hansa/kernel';
import { z } from 'zod';

const AnyJson = z.json().meta({ id: 'Json' });
const Words = z.string().min(1).max(5000);

/**
 * A model card as people write it (Model Cards for Model Reporting, Mitchell et al. 2019, in the members that matter
 * here). Threshold and intended use may be the objects of a fuller card; other members are kept as they are.
 */
export const ModelCardInput = z
  .object({
    name: z.string().min(1).max(200),
    version: z.string().min(1).max(100),
    description: z.string().max(5000).default(''),
    intendedUse: z.union([Words, z.object({ statement: Words }).catchall(AnyJson)]),
    limitations: z.union([Words, z.array(Words).max(100)]).default([]),
    owners: z.union([Words, z.array(Words).max(100)]).default([]),
    licence: z.string().min(1).max(300).nullable().default(null),
    threshold: z
      .union([z.number(), z.object({ atLeast: z.number(), class: z.int().min(0).optional() }).catchall(AnyJson)])
      .default(0.5)
      .describe('A score at or above it is a positive decision'),
    positiveClass: z.int().min(0).optional().describe('The column of the score output that is the positive class; 1'),
    features: z
      .array(z.union([z.string().min(1), z.object({ name: z.string().min(1) }).catchall(AnyJson)]))
      .max(2000)
      .default([])
      .describe('Column names in the order of training; needed when the model takes one matrix'),
    background: z.string().min(1).nullable().default(null).describe('The dataset that explanations compare with'),
  })
  .catchall(AnyJson);
export type ModelCardInput = z.infer<typeof ModelCardInput>;

/** What is known and promised about a model, in one form. */
export interface ModelCard extends JsonObject {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly intendedUse: string;
  readonly limitations: readonly string[];
  readonly owners: readonly string[];
  /** An SPDX identifier, a URL or words. */
  readonly licence: string | null;
  /** A score at or above it is a positive decision. */
  readonly threshold: number;
  /** The column of the score output that holds the positive class. */
  readonly positiveClass: number;
  /** Column names in the order of training; empty when the inputs carry the names. */
  readonly features: readonly string[];
  /** The dataset that explanations compare a case with. */
  readonly background: string | null;
}

/**
 * Brings a card into its one form.
 *
 * @example
 * modelCard(ModelCardInput.parse({ name: 'barriers', version: '1', intendedUse: 'Screening', threshold: 0.2 })).positiveClass; // 1
 */
export function modelCard(input: ModelCardInput): ModelCard {
  const { intendedUse, limitations, owners, threshold, positiveClass, features, ...others } = input;
  const ofThreshold = typeof threshold === 'number' ? { atLeast: threshold } : threshold;
  return {
    ...others,
    intendedUse: typeof intendedUse === 'string' ? intendedUse : intendedUse.statement,
    limitations: typeof limitations === 'string' ? [limitations] : limitations,
    owners: typeof owners === 'string' ? [owners] : owners,
    threshold: ofThreshold.atLeast,
    positiveClass: positiveClass ?? ofThreshold.class ?? 1,
    features: features.map((feature) => (typeof feature === 'string' ? feature : feature.name)),
  };
}
