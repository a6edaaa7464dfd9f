import { z } from 'zod';
import { estimated, FigureDocument, SpreadDocument } from '../figure.schema.js';

const Entropy = z.strictObject({ total: FigureDocument, between: FigureDocument, within: FigureDocument });
const Epsilon = estimated({
  epsilon: z.number().min(0),
  groups: z.tuple([z.string(), z.string()]),
  outcome: z.enum(['positive', 'negative']),
  concentration: z.number().gt(0),
});
const Disparity = z.strictObject({
  group: z.string(),
  strata: z.array(z.strictObject({ stratum: z.record(z.string(), z.string()), disparity: FigureDocument })),
  conditional: FigureDocument,
  marginal: FigureDocument,
  leftOutShare: FigureDocument,
});

/** The form of the part of a report on inequality. */
export const InequalityDocument = z
  .strictObject({
    favourable: z.enum(['positive', 'negative']).describe('The decision that counts as the benefit'),
    attributes: z.array(
      z.strictObject({
        attribute: z.string().min(1),
        theil: Entropy,
        secondOrder: Entropy,
        coefficientOfVariation: FigureDocument,
        differentialFairness: z.strictObject({ decisions: Epsilon, labels: Epsilon, amplification: FigureDocument }),
        treatmentEquality: z.strictObject({
          groups: z.array(z.strictObject({ group: z.string(), figure: FigureDocument })),
          spread: SpreadDocument,
        }),
        demographicDisparity: z
          .array(z.strictObject({ control: z.string().min(1), groups: z.array(Disparity) }))
          .optional(),
      }),
    ),
  })
  .describe('How unequal decisions and mistakes are; for information, it does not decide');
