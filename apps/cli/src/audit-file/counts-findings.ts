import { type Finding, findingTypes } from '@hansa/fair';
import type { CountsFile, CountsSet } from './counts-file.js';

/** What a reader must know about a file of confusion tables: what was withheld, how well, and what contradicts itself. */
export function countsFindings(
  set: CountsSet,
  { facts }: CountsFile,
  attributes: readonly string[],
): readonly Finding[] {
  return [...untold(facts), ...leaking(set), ...contradicting(set), ...lacking(set, attributes), ...small(set)];
}

function untold({ looksSuppressedBelow: floor }: CountsFile['facts']): readonly Finding[] {
  if (floor === null) return [];
  const text = `The file has zeros, and no number from 1 to ${floor - 1}. The zeros are probably withheld small counts and not zero; if so, say --suppressed-below ${floor}, else rates of 0 here are not to be believed.`;
  return [{ type: findingTypes.suppressedCounts, severity: 'high', text }];
}

function leaking({ withheld }: CountsSet): readonly Finding[] {
  const known = withheld.filter(({ bySubtraction }) => bySubtraction !== null);
  if (known.length === 0) return [];
  const cells = known
    .slice(0, 8)
    .map(({ attribute, group, cell, bySubtraction }) => `${attribute} ${group} ${cell} = ${bySubtraction}`);
  const text = `${known.length} withheld counts follow from other tables by subtraction, if no row lacks the attribute: ${cells.join(', ')}${known.length > 8 ? ', …' : ''}. Withholding them protected nobody; whoever publishes the file should withhold more.`;
  return [{ type: findingTypes.suppressedCounts, severity: 'medium', text }];
}

function contradicting({ contradicting: cells }: CountsSet): readonly Finding[] {
  const attributes = [...new Set(cells.map(({ attribute }) => attribute))];
  return attributes.map((attribute) => ({
    type: findingTypes.dataBias,
    severity: 'high',
    attribute,
    text: `The tables by ${attribute} count more rows of some kind than all rows together have: they are not about the same people, or one of them is wrong.`,
  }));
}

function lacking({ counts, totals }: CountsSet, attributes: readonly string[]): readonly Finding[] {
  const { n } = counts.total;
  return totals.flatMap(({ attribute, counts: own }): readonly Finding[] => {
    if (n === null || own.n === null || own.n >= n || !attributes.includes(attribute)) return [];
    const text = `${n - own.n} of ${n} rows are in no group of ${attribute}. Who they are the file does not say.`;
    return [{ type: findingTypes.nonResponse, severity: (n - own.n) / n > 0.05 ? 'medium' : 'low', attribute, text }];
  });
}

function small({ small: cells }: CountsSet): readonly Finding[] {
  if (cells.length === 0) return [];
  const [first] = cells;
  const text = `${cells.length} counts are below the number under which counts are withheld, for instance ${first?.attribute} ${first?.group} ${first?.cell} = ${first?.value} in row ${first?.row}.`;
  return [{ type: findingTypes.suppressedCounts, severity: 'low', text }];
}
