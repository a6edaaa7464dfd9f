import { describe, expect, test } from '@jest/globals';
import { readKitLog } from './kit-log.mjs';

const stamp = '[2026-11-23T07:46:43.930820588] ';
const stamped = (lines: readonly string[]): string => lines.map((line) => `${stamp}${line}\n`).join('');
const ids = Array.from({ length: 65 }, (_, i) => `TP:${String(i).padStart(2, '0')}-01`);

/** A log in the form of the kit's, with these outcomes. */
function log(failed: readonly string[], { missing = 0, miscounted = 0, end = true } = {}): string {
  const ran = ids.slice(missing);
  const tests = ran.flatMap((id) => [
    `Started: ${id}: Verify something`,
    `Sending what ${id} sends`,
    `${failed.includes(id) ? 'FAILED' : 'SUCCESSFUL'}: ${id}`,
    '',
  ]);
  const reasons = failed.flatMap((id) => [`     [${id}: Verify something]`, `     ${id} expected something else`]);
  const summary = [
    `Passed tests: ${ran.length - failed.length - miscounted}`,
    `Failed tests: ${failed.length}`,
    ...reasons,
  ];
  return stamped([...tests, ...summary, ...(end ? ['Test run complete'] : [])]);
}

describe("the kit's log", () => {
  test('counts what has passed', () => {
    expect(readKitLog(log([]))).toEqual({ passed: 65, failed: 0, failures: [] });
  });

  test('is read with the colours of a terminal, too', () => {
    const bold = `\u001B[1m${log(['TP:07-01']).replaceAll('FAILED:', '\u001B[31mFAILED:').replaceAll('\n', '\u001B[0m\n')}`;
    expect(readKitLog(bold)).toMatchObject({ passed: 64, failed: 1 });
  });

  test('tells of each failure why and what came before', () => {
    const { failures } = readKitLog(log(['TP:07-01']));
    expect(failures).toEqual([
      { id: 'TP:07-01', lines: ['TP:07-01 expected something else', 'Sending what TP:07-01 sends'] },
    ]);
  });

  test('does not let a test pass that was not run', () => {
    expect(readKitLog(log([], { missing: 5 }))).toMatchObject({ passed: 60, failed: 5 });
  });

  test('is no success when the kit died, miscounts, or says nothing', () => {
    expect(readKitLog(log([], { end: false })).failed).toBe(1);
    expect(readKitLog(log([], { miscounted: 1 })).failed).toBe(1);
    expect(readKitLog('')).toMatchObject({ passed: 0, failed: 65 });
  });
});
