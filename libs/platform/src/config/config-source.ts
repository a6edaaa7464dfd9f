import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** Members of the configuration, from the outside in: `['database', 'url']`. */
export type KeyPath = readonly string[];

/** A parsed file: its value, and where in the file a key stands. */
export interface ConfigFile {
  readonly name: string;
  readonly value: unknown;
  /** The line (from 1) of the key, or of the nearest key around it, or null. */
  lineOf(path: KeyPath): number | null;
}

/**
 * Parses YAML 1.2 (so also JSON). Refuses what is not one plain document: syntax errors, a key twice, unknown tags.
 * Its messages never quote the file, because secrets may stand there.
 */
export function parseConfigFile(name: string, text: string): Result<ConfigFile, Problem<'config.malformed'>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    const reason = error.code.toLowerCase().replaceAll('_', ' ');
    return refuse('config.malformed', `${name}:${line}: not valid YAML (${reason}, column ${col}).`, `${name}:${line}`);
  }
  const lineOf = (path: KeyPath) => {
    let node: unknown = document.contents;
    let line: number | null = null;
    for (const key of path) {
      const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
      const item = isSeq(node) ? node.items[Number(key)] : undefined;
      const place = pair?.key ?? item;
      if (isNode(place) && place.range) line = lines.linePos(place.range[0]).line;
      node = pair?.value ?? item;
    }
    return line;
  };
  try {
    return ok({ name, value: document.toJS() ?? {}, lineOf });
  } catch {
    return refuse('config.malformed', `${name}: its aliases (*name) lead nowhere or unfold too far.`, name);
  }
}
