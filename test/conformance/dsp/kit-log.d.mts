export function readKitLog(log: string): {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly { readonly id: string; readonly lines: readonly string[] }[];
};
