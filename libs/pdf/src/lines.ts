import type { Run } from './runs.js';
import type { Style } from './theme.js';
import type { Typeface } from './typeface.js';

/** Text in one style within one line. */
export interface Piece {
  readonly text: string;
  readonly style: Style;
  readonly link: string | null;
  /** In points. */
  readonly width: number;
}

export type Line = readonly Piece[];

interface Word {
  readonly pieces: readonly Piece[];
  readonly isBelow: boolean;
}

/** Breaks runs into lines that are no wider than that; a word that is too wide alone is cut where the line ends. */
export function linesOf(runs: readonly Run[], width: number, face: Typeface): readonly Line[] {
  const lines: Line[] = [];
  let line: Piece[] = [];
  let used = 0;
  const close = () => {
    lines.push(line);
    [line, used] = [[], 0];
  };
  for (const { pieces, isBelow } of words(runs, face)) {
    const needed = inkWidth(pieces);
    if (line.length > 0 && (isBelow || used + needed > width)) close();
    if (needed <= width) {
      line.push(...pieces);
      used += widthOf(pieces);
      continue;
    }
    for (const piece of pieces.flatMap((one) => characters(one, face))) {
      if (line.length > 0 && used + piece.width > width) close();
      line.push(piece);
      used += piece.width;
    }
  }
  if (line.length > 0) close();
  return lines.map(joined);
}

/** The width of the widest word, and of all words beside each other. */
export function extentOf(runs: readonly Run[], face: Typeface): { readonly least: number; readonly most: number } {
  let [least, most, used] = [0, 0, 0];
  for (const { pieces, isBelow } of words(runs, face)) {
    if (isBelow) used = 0;
    least = Math.max(least, inkWidth(pieces));
    most = Math.max(most, used + inkWidth(pieces));
    used += widthOf(pieces);
  }
  return { least, most };
}

export function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.width, 0);
}

/** The width without the blank at the end. */
export function inkWidth(pieces: readonly Piece[]): number {
  const last = pieces.at(-1);
  const isBlank = last !== undefined && last.text === ' ';
  return widthOf(isBlank ? pieces.slice(0, -1) : pieces);
}

/** Words with the blank that follows them. A word may change its style in the middle. */
function words(runs: readonly Run[], face: Typeface): readonly Word[] {
  const found: Word[] = [];
  let pieces: Piece[] = [];
  let isBelow = false;
  const close = () => {
    if (pieces.length > 0) found.push({ pieces, isBelow });
    if (pieces.length > 0) isBelow = false;
    pieces = [];
  };
  for (const run of runs) {
    if (run.isBelow) {
      close();
      isBelow = true;
    }
    for (const text of run.text.match(/[ \t\r\n]+|[^ \t\r\n]+/g) ?? []) {
      const isBlank = /^[ \t\r\n]/.test(text);
      if (isBlank && (pieces.length === 0 || pieces.at(-1)?.text === ' ')) continue;
      const shown = isBlank ? ' ' : text;
      pieces.push({ text: shown, style: run.style, link: run.link, width: face.width(face.shown(shown), run.style) });
      if (isBlank) close();
    }
  }
  close();
  return found;
}

function characters(piece: Piece, face: Typeface): readonly Piece[] {
  return [...piece.text].map((text) => ({ ...piece, text, width: face.width(face.shown(text), piece.style) }));
}

/** Neighbours of one style as one piece, so that text is found as it is read. */
function joined(line: Line): Line {
  const pieces: Piece[] = [];
  for (const piece of line) {
    const last = pieces.at(-1);
    const isAlike = last !== undefined && last.link === piece.link && last.style === piece.style;
    if (isAlike) pieces[pieces.length - 1] = { ...last, text: last.text + piece.text, width: last.width + piece.width };
    else pieces.push(piece);
  }
  return pieces;
}
