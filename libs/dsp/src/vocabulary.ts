/** The JSON-LD context that every DSP 2025-1 message names (DSP 2025-1, Schemas & Contexts). */
export const dspContext = 'https://w3id.org/dspace/2025/1/context.jsonld';

/** The version tag of the protocol, as the version document lists it (DSP 2025-1, Exposure of Versions). */
export const dspVersion = '2025-1';

/**
 * A member of a ContractRequestMessage that opens a negotiation: the id of the agreement that the new one shall take the
 * place of. It is Hansa's and not DSP's, which allows further members; who does not know it is not concerned.
 */
export const supersedesTerm = 'https://w3id.org/hansa/v1#supersedes';

/** Where every connector lists its protocol versions, relative to its root (DSP 2025-1, Exposure of Versions). */
export const versionPath = '/.well-known/dspace-version';

/** The states of a contract negotiation on the wire (DSP 2025-1, Contract Negotiation Protocol, State Machine). */
export const negotiationStates = [
  'REQUESTED',
  'OFFERED',
  'ACCEPTED',
  'AGREED',
  'VERIFIED',
  'FINALIZED',
  'TERMINATED',
] as const;
export type NegotiationState = (typeof negotiationStates)[number];

/** The states of a transfer process on the wire (DSP 2025-1, Transfer Process Protocol, State Machine). */
export const transferStates = ['REQUESTED', 'STARTED', 'SUSPENDED', 'COMPLETED', 'TERMINATED'] as const;
export type TransferState = (typeof transferStates)[number];
