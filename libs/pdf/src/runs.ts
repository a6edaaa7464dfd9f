import { hasClass, type Markup } from './markup.js';
import { colours, type Style, sizes } from './theme.js';

/** Text in one style. */
export interface Run {
  readonly text: string;
  readonly style: Style;
  /** An address, or `#` and an anchor of this document. */
  readonly link: string | null;
  /** Begins a line of its own. */
  readonly isBelow: boolean;
}

const inline = new Set(['a', 'b', 'strong', 'em', 'i', 'code', 'span', 'time', 'small', 'br', 'sup', 'sub']);

/** True for what stands in a line of text. A drawing does where it only repeats what the words say. */
export function isInline(markup: Markup): boolean {
  if (typeof markup === 'string') return true;
  return markup.name === 'svg' ? markup.attributes['aria-hidden'] === 'true' : inline.has(markup.name);
}

interface Place {
  readonly style: Style;
  readonly link: string | null;
  /** In a cell of a table, small print stands below the figure. */
  readonly isCell: boolean;
}

/** The runs of a line of text. A drawing in it only repeats what the words say, so it is left out. */
export function runsOf(markup: readonly Markup[], style: Style, isCell = false): readonly Run[] {
  return markup.flatMap((child) => runsIn(child, { style, link: null, isCell }, false));
}

function runsIn(markup: Markup, place: Place, isBelow: boolean): readonly Run[] {
  if (typeof markup === 'string') return [{ text: markup, style: place.style, link: place.link, isBelow }];
  if (markup.name === 'svg') return [];
  if (markup.name === 'br') return [{ text: '', style: place.style, link: null, isBelow: true }];
  const style = styleOf(markup, place.style);
  const link = markup.name === 'a' ? (markup.attributes.href ?? null) : place.link;
  const startsBelow = place.isCell && (hasClass(markup, 'quiet') || markup.name === 'code');
  return markup.children.flatMap((child, i) =>
    runsIn(child, { ...place, style, link }, i === 0 && (startsBelow || isBelow)),
  );
}

function styleOf(markup: Exclude<Markup, string>, style: Style): Style {
  const { name } = markup;
  const bold = name === 'b' || name === 'strong' ? { face: 'bold' as const } : {};
  const link = name === 'a' ? { colour: colours.accent } : {};
  const code = name === 'code' ? { size: style.size * 0.94 } : {};
  const isQuiet = hasClass(markup, 'quiet') || hasClass(markup, 'of');
  const quiet = isQuiet ? { size: Math.min(style.size, sizes.small), colour: colours.quiet } : {};
  return { ...style, ...bold, ...quiet, ...code, ...link };
}
