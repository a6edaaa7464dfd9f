import { z } from 'zod';
import { AuditPlanInput } from '../plan.schema.js';

const Digest = z.string().regex(/^sha-256:[0-9a-f]{64}$/);
const Name = z.string().min(1).max(1000);
const Count = z.int().min(0);
const Names = z.array(Name).min(1).max(1000);
const Open = z.tuple([Count, Count, Count, Count]);
const Handed = z.tuple([Count.nullable(), Count.nullable(), Count.nullable(), Count.nullable()]);
const Codes = z.array(Count);
const Sum = z.string().regex(/^(0|[1-9]\d{0,99})$/);
const Sums = z.array(z.array(Sum).length(4));

const Range = z.tuple([z.number(), z.number()]);

const JointScores = z.strictObject({
  range: Range.nullable().describe('The range of 1000 bins; null if the levels are the scores'),
  levels: z.array(z.string()).min(1),
  codes: z.array(Codes),
  cells: z.array(Open),
});

const WithheldScores = z.strictObject({
  range: Range,
  bins: z.array(Count).min(1).describe('Of the 1000 bins those with which a wider one begins'),
  tables: z.array(
    z.strictObject({
      attributes: z.array(Name),
      groups: z.array(z.strictObject({ codes: Codes, negative: z.array(Count), positive: z.array(Count) })),
    }),
  ),
});

const JointTable = z.strictObject({
  kind: z.literal('joint'),
  codes: z.array(Codes).describe('For each combination one index into the levels of each column'),
  cells: z.array(Open).describe('For each combination the rows by label and decision: tn, fp, fn, tp'),
  weights: z.strictObject({ sums: Sums, squares: Sums }).optional().describe('Sums in units of 2^-90, as digits'),
  scores: JointScores.optional(),
});

const WithheldTables = z.strictObject({
  kind: z.literal('tables'),
  minimumCell: z.int().min(2).describe('Counts below this are withheld, and others that would give them away'),
  tables: z.array(
    z.strictObject({
      attributes: z.array(Name),
      groups: z.array(z.strictObject({ codes: Codes, cells: Handed })),
    }),
  ),
  scores: WithheldScores.optional(),
});

/** A document of counts as it comes from elsewhere; {@link readAuditCounts} checks what a form cannot say. */
export const AuditCountsDocument = z
  .strictObject({
    type: z.literal('AuditCounts'),
    at: z.iso.datetime().optional(),
    countedBy: Name.describe('Whose rows these are: a DID, or a name'),
    plan: AuditPlanInput,
    planDigest: Digest,
    model: z.looseObject({ digest: Digest }).optional(),
    data: z.looseObject({ digest: Digest, rows: Count }),
    definitions: z.strictObject({
      label: z.strictObject({ column: Name, positive: Names }),
      decision: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('prediction'), column: Name, positive: Names }),
        z.strictObject({ kind: z.literal('threshold'), column: Name, threshold: z.number() }),
        z.strictObject({ kind: z.literal('model'), threshold: z.number().optional() }),
      ]),
      weight: z.strictObject({ column: Name }).optional(),
      score: z.strictObject({ column: Name }).optional(),
    }),
    columns: z.array(z.strictObject({ attribute: Name, levels: z.array(z.string()).min(1) })).min(1),
    counts: z.discriminatedUnion('kind', [JointTable, WithheldTables]),
    software: z.strictObject({ name: Name, version: Name }),
  })
  .meta({ id: 'AuditCounts' });
