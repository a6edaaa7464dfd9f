import { type DataSource, In, Not } from 'typeorm';
import type { DependentTransfers } from '../negotiation/index.js';
import { transferSchema } from './transfer.schema.js';

const over = ['COMPLETED', 'TERMINATED', 'REFUSED'];

/** What stands on an agreement of the transfers and their tokens. */
export async function dependentTransfers({ manager }: DataSource, agreementId: string): Promise<DependentTransfers> {
  const counted: { readonly state: string; readonly transfers: number; readonly tokens: number }[] =
    await manager.query(
      `SELECT state, count(*)::int AS transfers, count(*) FILTER (
       WHERE role = 'provider' AND token_digest IS NOT NULL AND state IN ('REQUESTED', 'STARTED')
          OR role = 'consumer' AND state = 'STARTED')::int AS tokens
     FROM transfer WHERE agreement_id = $1 GROUP BY state ORDER BY state`,
      [agreementId],
    );
  const open = await manager.find(transferSchema, {
    select: { id: true, state: true },
    where: { agreementId, state: Not(In(over)) },
    order: { createdAt: 'DESC', id: 'ASC' },
    take: 100,
  });
  return {
    states: Object.fromEntries(counted.map(({ state, transfers }) => [state, transfers])),
    open: open.map(({ id, state }) => ({ id, state })),
    tokens: counted.reduce((sum, { tokens }) => sum + tokens, 0),
  };
}
