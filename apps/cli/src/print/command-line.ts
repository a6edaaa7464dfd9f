const plainWord = /^[A-Za-z0-9_:.,%@/+][A-Za-z0-9_:.,%@/+-]*$/;

/**
 * A command to type next, safe to paste: ids come from other participants, and none of them may become a second command
 * or an option.
 *
 * @example
 * commandLine('transfer start', ['urn:uuid:1']); // 'hansa transfer start urn:uuid:1'
 */
export function commandLine(
  verb: string,
  words: readonly string[],
  options: Readonly<Record<string, string>> = {},
): string {
  const flags = Object.entries(options).map(([name, value]) => ` --${name}=${quoted(value)}`);
  const end = words.some((word) => word.startsWith('-')) ? ' --' : '';
  return `hansa ${verb}${flags.join('')}${end}${words.map((word) => ` ${quoted(word)}`).join('')}`;
}

/** A word as POSIX shells take it literally (XCU §2.2.2). */
function quoted(word: string): string {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
