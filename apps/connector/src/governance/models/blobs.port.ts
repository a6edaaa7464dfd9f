import type { Digest } from '@hansa/kernel';

/** Keeps bytes under their digest: what is there is whole, and never changes. */
export interface Blobs {
  /** Stores bytes durably; again is no harm. */
  put(digest: Digest, bytes: Uint8Array): Promise<void>;
  /** A file on this machine that holds the bytes, whether they were stored or not. */
  pathOf(digest: Digest): string;
  remove(digest: Digest): Promise<void>;
  /** Rejects with the reason when nothing can be stored or read. */
  check(): Promise<void>;
}

export const BLOBS = Symbol('blobs');
