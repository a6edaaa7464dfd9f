import type { Cell, Table } from './table.js';

/**
 * The table as a Mermaid state diagram. C: the consumer sends, P: the provider, C/P: either. `REFUSED` is left
 * out: no message leads there.
 *
 * @example
 * diagram(transferTable); // 'stateDiagram-v2\n  [*] --> REQUESTED: request (C)\n …'
 */
export function diagram<S extends string, M extends string>(table: Table<S, M>): string {
  const rows = (Object.entries(table) as [S, Record<string, Cell<S>>][]).filter(([state]) => state !== 'REFUSED');
  const lines = rows.flatMap(([state, cells]) => {
    const from = state === 'INITIAL' ? '[*]' : state;
    const arrows = Object.entries(cells).map(([move, [who, next]]) => `  ${from} --> ${next}: ${move} (${sign[who]})`);
    return arrows.length > 0 ? arrows : [`  ${from} --> [*]`];
  });
  return ['stateDiagram-v2', ...lines].join('\n');
}

const sign = { consumer: 'C', provider: 'P', either: 'C/P' } as const;
