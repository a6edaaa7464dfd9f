import { type Comparison, type HeadlineComparison, isHeadline } from '../comparisons/comparison.js';
import { ratesOfMetric } from '../comparisons/metrics.js';
import type { DisclosedCounts } from '../counts.js';
import { type Finding, findingTypes } from '../findings/finding.js';
import type { AuditPlan } from '../plan.js';
import { type Rate, type RateName, rateOf } from '../rates.js';
import { list, number, percent } from '../words.js';
import { type CityContrast, type CityPopulation, cityContrasts } from './city-contrasts.js';

/** An audit of several cities: what each of them shows by itself, and whether they show the same. */
export interface Federation {
  /** By name. */
  readonly cities: readonly CityFigures[];
  readonly contrasts: readonly CityContrast[];
}

/** One city's own counts and rates. */
export interface CityFigures {
  readonly city: string;
  /** Everybody, then the groups that the plan compares. */
  readonly slices: readonly CitySlice[];
}

/** A group in one city, with the rates that the plan's metrics look at. */
export interface CitySlice {
  readonly attributes: Readonly<Record<string, string>>;
  readonly counts: DisclosedCounts;
  readonly rates: Readonly<Partial<Record<RateName, Rate>>>;
}

/** City by city, what the comparisons say of all of them together. */
export function federationOf(
  cities: readonly CityPopulation[],
  comparisons: readonly Comparison[],
  plan: AuditPlan,
): Federation {
  const headline = comparisons.filter((one): one is HeadlineComparison => isHeadline(one));
  const rates = [...new Set(plan.metrics.flatMap(({ metric }) => ratesOfMetric(metric)))];
  const sliceOf = (attributes: CitySlice['attributes'], counts: DisclosedCounts): CitySlice => ({
    attributes,
    counts,
    rates: Object.fromEntries(rates.map((rate) => [rate, rateOf(rate, counts, plan.level)])),
  });
  const figures = cities.map(({ name, counts }): CityFigures => {
    const whole = counts.partitions.filter(({ stratum }) => !stratum);
    const groups = whole.flatMap((partition) => partition.groups);
    return {
      city: name,
      slices: [sliceOf({}, counts.total), ...groups.map((group) => sliceOf(group.attributes, group.counts))],
    };
  });
  return { cities: figures, contrasts: cityContrasts(cities, headline, plan) };
}

/** What only a look at each city shows: gaps that turn round, gaps that differ, a city unlike the others. */
export function federationFindings({ contrasts }: Federation, { level }: AuditPlan): readonly Finding[] {
  return contrasts.flatMap((contrast) => [
    ...reversal(contrast),
    ...outliers(contrast, level),
    ...unlike(contrast, (1 - level) / contrasts.length),
  ]);
}

function reversal({ attribute, rate, high, low, pooled, cities, reversed }: CityContrast): readonly Finding[] {
  if (!reversed) return [];
  const judged = cities.filter((gap) => gap.state === 'value' && gap.judged).length;
  const text = `${rate} is higher for ${high} than for ${low} over all cities (${percent(pooled.high.k / pooled.high.n)} and ${percent(pooled.low.k / pooled.low.n)}), but lower in each of the ${judged} cities that can be judged: the groups are spread unevenly over the cities (Simpson's paradox).`;
  return [{ type: findingTypes.simpsonsParadox, severity: 'high', attribute, text }];
}

function outliers({ attribute, rate, high, low, cities, outlying }: CityContrast, level: number): readonly Finding[] {
  return outlying.map(({ city, p, others }) => {
    const own = cities.find((gap) => gap.city === city);
    const difference = own?.state === 'value' ? number(own.difference) : '';
    const text = `${city} is unlike the other cities: ${rate} of ${high} minus ${low} is ${difference} there and ${number(others)} in the others (p = ${shownP(p)}, adjusted for ${cities.length} cities, at a level of ${percent(level)}). Find out why before trusting the sum.`;
    return { type: findingTypes.outlyingPlace, severity: 'medium', attribute, text };
  });
}

function unlike(contrast: CityContrast, alpha: number): readonly Finding[] {
  const { attribute, rate, high, low, cities, heterogeneity: test, outlying } = contrast;
  // Of a single city that differs another finding speaks.
  if (test.state !== 'value' || test.p >= alpha || outlying.length > 0) return [];
  const used = cities.filter((gap) => gap.state === 'value').map(({ city }) => city);
  const text = `The difference of ${rate} between ${high} and ${low} is not the same in ${list(used)}: ${percent(test.inconsistency)} of its variation is more than chance (Cochran's Q ${number(test.statistic)}, ${test.df} degrees of freedom, p = ${shownP(test.p)}). The sum hides that.`;
  return [{ type: findingTypes.heterogeneousPlaces, severity: 'medium', attribute, text }];
}

function shownP(p: number): string {
  return p < 0.0001 ? 'less than 0.0001' : number(p);
}
