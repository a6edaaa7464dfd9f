// The kit's log is the only thing to judge by: its process ends with 0 whatever it has found.

/** Tests that the kit runs; two more are disabled in it. */
const enabledTests = 65;

/**
 * What a log of the kit says. A test that the kit has not run counts as failed.
 *
 * @param {string} log
 * @returns {{ passed: number, failed: number, failures: { id: string, lines: string[] }[] }}
 */
export function readKitLog(log) {
  const lines = log
    .split('\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours for a terminal
    .map((line) => line.replace(/\u001B\[[0-9;]*m/g, '').replace(/^\[\d{4}-\S+\] ?/, ''));
  const idsAfter = (word) => lines.flatMap((line) => new RegExp(`^${word}: (\\S+)$`).exec(line.trim())?.[1] ?? []);
  const [succeeded, fallen] = [idsAfter('SUCCESSFUL'), idsAfter('FAILED')];
  const failures = fallen.map((id) => ({ id, lines: [...reasonsOf(lines, id), ...storyOf(lines, id)] }));
  const counted = (word) => Number(/^(\d+)$/.exec(idsAfter(`${word} tests`)[0] ?? '')?.[1] ?? Number.NaN);
  const passed = new Set(succeeded).size;
  if (!lines.some((line) => line.trim() === 'Test run complete'))
    failures.push({ id: 'the kit', lines: ['did not run to its end', ...lines.slice(-15)] });
  else if (counted('Passed') !== passed || counted('Failed') !== fallen.length)
    failures.push({ id: 'the kit', lines: ['counts other numbers of tests than it reports one by one'] });
  const missing = enabledTests - passed - fallen.length;
  if (missing > 0) failures.push({ id: 'the kit', lines: [`left ${missing} of ${enabledTests} tests out`] });
  return { passed, failed: Math.max(fallen.length + Math.max(missing, 0), failures.length), failures };
}

/** Why, from the kit's summary: it stands under the title of the test. */
function reasonsOf(lines, id) {
  const at = lines.findIndex((line) => line.trim().startsWith(`[${id}: `));
  const reason = at < 0 ? undefined : lines[at + 1]?.trim();
  return reason ? [reason] : [];
}

/** What happened in the test, shortened. */
function storyOf(lines, id) {
  const end = lines.findIndex((line) => line.trim() === `FAILED: ${id}`);
  const begin = lines.findIndex((line) => line.startsWith(`Started: ${id}:`));
  return lines
    .slice(begin + 1, end)
    .filter((line) => line.trim() !== '')
    .slice(-15);
}
