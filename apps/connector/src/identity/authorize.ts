import type { Did } from '@hansa/kernel';

/** Gives the `Authorization` header of one request: by it the counterparty knows that the request is ours. */
export type Authorize = (counterparty: Did) => Promise<string>;

export const AUTHORIZE = Symbol('authorize');
