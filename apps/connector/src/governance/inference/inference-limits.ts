import { defaultModelHostLimits, type ModelHostLimits } from '@hansa/inference';

/** What hosted models may use. */
export interface InferenceLimits {
  /** Resident memory of one model's process, in MiB. */
  readonly memoryMiB: number;
  /** Milliseconds of one run. */
  readonly runMs: number;
  /** The most rows of one request. */
  readonly rows: number;
}

/** Rows that a request may carry; larger tables are scored where they stand. */
export const defaultRequestRows = 10_000;

/** Address space that is reserved beyond what becomes resident, measured at Node 20 with ONNX Runtime 1.30. */
const reservedBytes = defaultModelHostLimits.addressSpaceBytes - defaultModelHostLimits.residentBytes;

export function modelHostLimits({ memoryMiB, runMs }: InferenceLimits): Partial<ModelHostLimits> {
  const residentBytes = memoryMiB * 2 ** 20;
  return { runDeadline: runMs, residentBytes, addressSpaceBytes: residentBytes + reservedBytes };
}
