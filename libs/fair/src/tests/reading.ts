import { contrastOf } from '../comparisons/metrics.js';
import { number, percent } from '../words.js';
import type { AdjustedEquivalence, AdjustedTest } from './adjusted.js';
import type { GapFacts } from './gap-facts.js';

/** What a test found, as one sentence. */
export function readingOfTest(test: Omit<AdjustedTest, 'family' | 'text'>, alpha: number): string {
  const { question, rate, attribute, stratum, control, between, groups, result } = test;
  const where = stratum === undefined ? '' : ` where ${levelsText(stratum)}`;
  const subject = `${rate} by ${attribute}${where}`;
  if (result.state === 'undefined') return `${subject} was not tested: ${result.reason}.`;
  const shown = result.adjusted <= alpha;
  const p = pText(result.adjusted);
  if (question === 'same-gap-in-levels') {
    const [one, other] = between ?? ['', ''];
    return shown
      ? `${subject}: how far ${one} and ${other} lie apart depends on ${control} (${p}).`
      : `${subject}: nothing shows that how far ${one} and ${other} lie apart depends on ${control} (${p}).`;
  }
  const within = control === undefined ? '' : ` within the levels of ${control}`;
  return shown
    ? `${subject} differs between the ${groups} groups${within} by more than chance explains (${p}).`
    : `${subject}: chance alone could explain how the ${groups} groups differ${within} (${p}), which does not show that they are alike.`;
}

/** Whether groups are shown to be alike enough, as one sentence. */
export function readingOfEquivalence(test: Omit<AdjustedEquivalence, 'text'>, alpha: number): string {
  const { metric, attribute, margin, groups, result } = test;
  const subject = `${metric} by ${attribute}`;
  if (result.state === 'undefined') return `${subject} was not held against its margin: ${result.reason}.`;
  const bound = `${contrastOf(metric) === 'difference' ? 'at most' : 'at least'} ${number(margin)}`;
  return result.adjusted <= alpha
    ? `${subject} is shown to be ${bound} between any two of the ${groups} groups (${pText(result.adjusted)}).`
    : `${subject} is not shown to be ${bound}; it is hardest to show for ${result.hardest[0]} and ${result.hardest[1]} (${pText(result.adjusted)}).`;
}

/** The gap found beside what chance makes and what could have been found, as one sentence. */
export function readingOfGap(
  { rate, attribute, found, underNoDifference, detectable }: GapFacts,
  power: number,
): string {
  const subject = `${rate} by ${attribute}`;
  if (found.state !== 'value') return `${subject} has no gap to look at: ${found.reason}.`;
  const chance =
    underNoDifference.state === 'value'
      ? `, and chance alone would make it ${number(underNoDifference.value)} on average if all groups were alike`
      : '';
  const reach =
    detectable.state === 'value'
      ? `a gap of ${number(detectable.value)} between any two groups would have been found in ${percent(power)} of such samples`
      : `no gap between the smallest groups would have been found in ${percent(power)} of such samples`;
  return `The largest gap in ${subject} is ${number(found.value)}${chance}; ${reach}.`;
}

function levelsText(stratum: Readonly<Record<string, string>>): string {
  return Object.entries(stratum)
    .map(([name, level]) => `${name} is ${level}`)
    .join(' and ');
}

/** `p 0.032`, or `p below 0.001`. */
function pText(p: number): string {
  return p < 0.001 ? 'adjusted p below 0.001' : `adjusted p ${Number(p.toFixed(3))}`;
}
