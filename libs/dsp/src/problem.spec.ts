import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { dspProblemKinds, wireStatus } from './problem.js';

/** The kinds that the code refuses with; `${name}` stands for both protocols. */
function kindsInCode(): readonly string[] {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const code = files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n');
  return [...code.matchAll(/refuse\(\s*['`]([^'`]+)['`]/g)].flatMap(([, kind = '']) =>
    kind.includes('${') ? ['negotiation', 'transfer'].map((name) => kind.replace(/\$\{[^}]+\}/, name)) : [kind],
  );
}

describe('the wire table', () => {
  test('knows every problem that this library can give', () => {
    const kinds = kindsInCode();
    expect(kinds.length).toBeGreaterThan(10);
    expect(kinds.filter((kind) => !(dspProblemKinds as readonly string[]).includes(kind))).toEqual([]);
  });

  test('answers every problem with an error status and its kind as the code', () => {
    for (const kind of dspProblemKinds) {
      const { status, code, retryAfter } = wireStatus({ kind, detail: '' });
      expect([code, status >= 400 && status < 600]).toEqual([kind, true]);
      expect([kind, retryAfter]).toEqual([kind, kind.endsWith('.busy') ? 1 : undefined]);
    }
  });
});
