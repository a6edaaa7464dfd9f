import { type ComparedGroups, crossed } from '@hansa/fair';
import { list } from './format.js';

/** Characters that turn the direction of all that follows (Unicode UAX #9): a name has no need of them. */
const turning = /[\u202A-\u202E\u2066-\u2069]/g;

const rightToLeft = '\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}';

/** From the first to the last letter that runs from right to left, with what stands between them. */
const foreignRun = new RegExp(`[${rightToLeft}](?:[\\s\\p{P}\\p{M}\\p{N}]*[${rightToLeft}])*`, 'gu');

/**
 * Text that may stand in a sentence of ours: what runs from right to left is kept to itself (UAX #9, isolates), so that
 * it does not carry the number behind it to the wrong side, and characters that would turn the sentence are made visible.
 *
 * @example
 * isolated('חיפה (9 rows)'); // the name between U+2068 and U+2069, the brackets outside
 */
export function isolated(text: string): string {
  return text.replace(turning, '\uFFFD').replace(foreignRun, (run) => `\u2068${run}\u2069`);
}

/** A text cut to at most so many characters, with an ellipsis where something is missing. */
export function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

/** The name of a group as it stands in tables and sentences; a very long one is cut. */
export function groupName(group: string, most = 80): string {
  return group === '' ? '(empty)' : isolated(shortened(group, most));
}

/** What groups are compared by, in words: `sex`, or `sex and race together` where they are crossed. */
export function attributeWords(attribute: string, plan: ComparedGroups): string {
  const parts = partsOf(attribute, plan);
  return `${isolated(list(parts))}${parts.length > 1 ? ' together' : ''}`;
}

/** `race is Other`, `sex and race are Female, Asian`. */
export function membership(attribute: string, group: string, plan: ComparedGroups): string {
  const parts = partsOf(attribute, plan);
  return `${isolated(list(parts))} ${parts.length > 1 ? 'are' : 'is'} ${groupName(group)}`;
}

/** The attributes behind a name of the report: one, or several that are crossed. */
export function partsOf(attribute: string, { intersections = [] }: ComparedGroups): readonly string[] {
  return intersections.find((parts) => crossed(parts) === attribute) ?? [attribute];
}
