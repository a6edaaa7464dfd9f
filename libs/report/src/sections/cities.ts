import type { AuditReport, CityContrast, CityGap } from '@hansa/fair';
import { type Column, table } from '../components/table.js';
import { count, decimal, decimalInterval, list, percent, portion } from '../format.js';
import { type Html, html } from '../html.js';
import { rateTitle } from '../metric-words.js';
import { attributeWords, groupName, isolated } from '../names.js';

/** Each city by itself, and whether all of them show the same gap; nothing where one population was audited. */
export function citiesSection(report: AuditReport): Html | null {
  const { federation } = report;
  if (!federation) return null;
  const names = federation.cities.map(({ city }) => isolated(city));
  return html`<p>The counts of ${count(names.length)} cities were added: ${list(names)}. No row left any of them. The figures of this report are those of all rows together; here is what each city shows by itself.</p>
${federation.contrasts.map((contrast) => contrastTable(contrast, report))}`;
}

function contrastTable(contrast: CityContrast, { plan }: AuditReport): Html {
  const { attribute, rate, high, low, pooled, cities } = contrast;
  const title = `${rateTitle(rate, plan)}, by ${attributeWords(attribute, plan)}`;
  const told = (gap: CityGap, of: (gap: CityGap & { state: 'value' }) => string) =>
    gap.state === 'value' ? of(gap) : gap.state === 'suppressed' ? 'withheld' : '–';
  const side = (of: 'high' | 'low') => (gap: CityGap) =>
    told(gap, (own) => `${percent(own[of].k / own[of].n)} (${portion(own[of].k, own[of].n)})`);
  const columns: readonly Column<CityGap>[] = [
    { head: 'City', cell: ({ city }) => isolated(city) },
    { head: groupName(high), cell: side('high'), isNumber: true },
    { head: groupName(low), cell: side('low'), isNumber: true },
    { head: 'Difference', cell: (gap) => told(gap, ({ difference }) => decimal(difference)), isNumber: true },
    { head: 'Interval', cell: (gap) => told(gap, ({ interval }) => decimalInterval(interval)), isNumber: true },
    { head: 'Remark', cell: (gap) => remark(gap, contrast) },
  ];
  return html`<h3>${title}</h3>
<p>Over all cities the difference between ${groupName(high)} and ${groupName(low)} is ${decimal(pooled.difference)}. ${sameness(contrast)}</p>
${table(`${title}: city by city`, columns, cities)}`;
}

function remark(gap: CityGap, { outlying }: CityContrast): string {
  if (gap.state !== 'value') return isolated(gap.reason);
  if (outlying.some(({ city }) => city === gap.city)) return 'unlike the others';
  return gap.judged ? '' : 'too few rows to judge';
}

function sameness({ heterogeneity: test, breslowDay, reversed }: CityContrast): string {
  if (reversed) return 'In every city that can be judged it is the other way round (Simpson’s paradox).';
  if (test.state !== 'value') return `Whether it is the same everywhere cannot be tested: ${test.reason}.`;
  const odds = breslowDay.state === 'value' ? `; of odds ratios, by Breslow and Day, p = ${decimal(breslowDay.p)}` : '';
  return `Of its variation between the cities ${percent(test.inconsistency)} is more than chance (I²; Cochran’s Q, p = ${decimal(test.p)}${odds}).`;
}
