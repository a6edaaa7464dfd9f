import { isDid } from '@hansa/kernel';
import { z } from 'zod';

/** A DID in the input of a management request. */
export const DidInput = z
  .templateLiteral(['did:', z.string(), ':', z.string()])
  .refine(isDid, 'must be a DID, for instance did:web:berlin.example');

/** Why somebody ends something; the other side is told. */
export const ReasonInput = z.strictObject({ reason: z.string().min(1).max(1000) }).meta({ id: 'Reason' });
export type ReasonInput = z.infer<typeof ReasonInput>;

/** A page of a list that is ordered by time. */
export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});
export type PageQuery = z.infer<typeof PageQuery>;
