import type { TransferState } from '../vocabulary.js';
import type { Table } from './table.js';

/** The messages of a transfer process by what they say. */
export type TransferMove = 'request' | 'start' | 'suspension' | 'completion' | 'termination';

/**
 * Transfer process (DSP 2025-1, Transfer Process Protocol, State Machine). `INITIAL` and `REFUSED` are ours: the request is
 * not yet acknowledged, or refused. The consumer may resume
 * what is suspended by a start message of its own; it then goes on with the data address that it has.
 */
export const transferTable = {
  INITIAL: { request: ['consumer', 'REQUESTED'] },
  REQUESTED: { start: ['provider', 'STARTED'], termination: ['either', 'TERMINATED'] },
  STARTED: {
    suspension: ['either', 'SUSPENDED'],
    completion: ['either', 'COMPLETED'],
    termination: ['either', 'TERMINATED'],
  },
  SUSPENDED: { start: ['either', 'STARTED'], termination: ['either', 'TERMINATED'] },
  COMPLETED: {},
  TERMINATED: {},
  REFUSED: {},
} as const satisfies Table<'INITIAL' | 'REFUSED' | TransferState, TransferMove>;
