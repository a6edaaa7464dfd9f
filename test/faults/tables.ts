import { negotiationTable, transferTable } from '@hansa/dsp';

const tables = { negotiation: negotiationTable, transfer: transferTable } as const;

/** Whether some message leads from one state of a process to the other. */
export function canFollow(feature: keyof typeof tables, from: string, to: string): boolean {
  const cells: Readonly<Record<string, readonly [string, string] | undefined>> =
    tables[feature][from as keyof (typeof tables)[typeof feature]] ?? {};
  return Object.values(cells).some((cell) => cell?.[1] === to);
}
