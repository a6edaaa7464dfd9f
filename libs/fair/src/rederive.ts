import { canonicalJson, type Json } from '@hansa/kernel';
import { compareLevels } from './counting/joint-counts.js';
import { addCounts } from './counts.js';
import { type Discrepancy, differences } from './differences.js';
import { findingTypes } from './findings/finding.js';
import type { CellCounts, Partition } from './partition.js';
import { type AuditPlan, crossed, planDigest } from './plan.js';
import { type AuditReport, buildReport, type Slice } from './report.js';

/** What came out of computing a report again from its own counts. */
export interface Rederivation {
  /** Empty when every figure follows from the counts. */
  readonly discrepancies: readonly Discrepancy[];
  /** Members that cannot be computed from the counts in the report: what it says about model, data and time. */
  readonly unchecked: readonly string[];
}

/** Discrepancies that are listed; a report with more of them is not worth reading further. */
const most = 100;

/**
 * Computes everything in a report that follows from its plan and its counts once more: the plan's digest, every rate,
 * comparison and reason, the verdict, and the findings about groups. Whether the counts are those of the data it cannot
 * tell.
 *
 * @example
 * rederive(report).discrepancies; // [{ at: '/slices/1/rates/selectionRate/value', stated: 0.4, rederived: 0.45 }]
 */
export function rederive(report: AuditReport): Rederivation {
  const { model, data, plan, software, at, slices } = report;
  const sums = slices.flatMap(({ counts }, i) => wrongSum(counts, i));
  const counts = countsOfSlices(slices, plan);
  const totals = counts.partitions.flatMap((partition) => wrongTotal(partition, counts, report));
  const cities = report.federation?.cities.map(({ city, slices: own }) => ({
    name: city,
    counts: countsOfSlices(own, plan),
  }));
  const parts = cities ? wrongParts(report) : [];
  // Scores are no counts of decisions: what the report says of them stays unchecked.
  const { score: _, ...derivable } = plan;
  const stamp = at !== undefined && { at };
  const again = buildReport({ ...stamp, model, data, plan: derivable, counts, software, ...(cities && { cities }) });
  if (!again.ok) {
    const wrong = { at: again.problem.at ?? '', stated: null, rederived: again.problem.detail };
    return { discrepancies: [...sums, ...totals, ...parts, wrong], unchecked: [] };
  }
  const stated = report as unknown as Readonly<Record<string, Json>>;
  const own = { ...again.value, planDigest: planDigest(plan) } as unknown as Readonly<Record<string, Json>>;
  const given = new Set(['type', 'at', 'model', 'data', 'plan', 'software', 'findings']);
  const derived = Object.keys(own).filter((member) => !given.has(member) && member in stated);
  const discrepancies = [
    ...sums,
    ...totals,
    ...parts,
    ...derived.flatMap((member) => differences(stated[member] ?? null, own[member] ?? null, `/${member}`)),
    ...findingsApart(report, again.value),
  ];
  const unchecked = Object.keys(stated).filter((m) => !derived.includes(m) && m !== 'plan' && m !== 'type');
  return { discrepancies: discrepancies.slice(0, most), unchecked };
}

/** A group with its counts, of everybody or of one city. */
type CountedSlice = Pick<Slice, 'attributes' | 'counts'>;

/** The groups that a plan compares, as the slices of a report count them. */
function countsOfSlices(slices: readonly CountedSlice[], plan: AuditPlan): CellCounts {
  const { attributes, intersections = [], controls = [] } = plan;
  const compared = [...attributes.map((name) => [name]), ...intersections];
  const of = (names: readonly string[]) =>
    slices.filter((slice) => {
      const own = Object.keys(slice.attributes);
      return own.length === names.length && names.every((name) => own.includes(name));
    });
  const partition = (
    names: readonly string[],
    own: readonly CountedSlice[],
    stratum?: Slice['attributes'],
  ): Partition => ({
    attribute: crossed(names),
    ...(stratum && { stratum }),
    groups: own.map((slice) => ({
      group: names.map((name) => slice.attributes[name] ?? '').join(', '),
      attributes: Object.fromEntries(names.map((name) => [name, slice.attributes[name] ?? ''])),
      counts: slice.counts,
    })),
  });
  const within = controls.flatMap((control) => {
    const names = compared.filter((own) => !own.includes(control));
    const levels = new Set(
      names.flatMap((own) => of([...own, control]).map((slice) => slice.attributes[control] ?? '')),
    );
    return [...levels].sort(compareLevels).flatMap((level) =>
      names.map((own) =>
        partition(
          own,
          of([...own, control]).filter((slice) => slice.attributes[control] === level),
          { [control]: level },
        ),
      ),
    );
  });
  const nobody = { n: null, tn: null, fp: null, fn: null, tp: null };
  const total = of([])[0]?.counts ?? nobody;
  // Whether rows lack an attribute is looked at apart: published tables may leave people out.
  return { total, partitions: [...compared.map((names) => partition(names, of(names))), ...within], apart: true };
}

function wrongSum({ n, tn, fp, fn, tp }: Slice['counts'], i: number): readonly Discrepancy[] {
  if (tn === null || fp === null || fn === null || tp === null) return [];
  const sum = tn + fp + fn + tp;
  return n === sum ? [] : [{ at: `/slices/${i}/counts/n`, stated: n, rederived: sum }];
}

/** Groups hold everybody, unless a finding says who is in none. */
function wrongTotal({ attribute, stratum, groups }: Partition, { total }: CellCounts, report: AuditReport) {
  if (stratum || total.n === null) return [];
  const rows = groups.reduce<number | null>(
    (sum, { counts: { n } }) => (sum === null || n === null ? null : sum + n),
    0,
  );
  const told = report.findings.some((f) => f.type === findingTypes.nonResponse && f.attribute === attribute);
  if (rows === null || rows === total.n || (told && rows < total.n)) return [];
  return [{ at: '/slices/0/counts/n', stated: total.n, rederived: `${rows} in the groups of ${attribute}` }];
}

/** The counts of the cities add up to those of everybody, but for what a city withholds. */
function wrongParts({ federation, slices }: AuditReport): readonly Discrepancy[] {
  const own = (federation?.cities ?? []).map(
    (city) => new Map(city.slices.map(({ attributes, counts }) => [canonicalJson(attributes), counts])),
  );
  const none = { n: 0, tn: 0, fp: 0, fn: 0, tp: 0 };
  return slices.flatMap(({ attributes, counts }, i) => {
    const key = canonicalJson(attributes);
    const parts = own.flatMap((city) => city.get(key) ?? []);
    // Slices within a control are those of everybody only.
    if (parts.length === 0) return [];
    const { weights: _ofSum, clusters: __, ...sum } = addCounts([none, ...parts]);
    // Sums of weights were rounded in each city.
    const { weights: _, clusters: ___, ...cells } = counts;
    return differences(cells, sum, `/slices/${i}/counts`);
  });
}

/** Findings that follow from counts must be there; those about groups may not be made up. */
function findingsApart(report: AuditReport, again: AuditReport): readonly Discrepancy[] {
  const fromCounts: readonly string[] = [
    findingTypes.unequalTreatment,
    findingTypes.groupNotJudged,
    findingTypes.smallGroupHeadline,
  ];
  const texts = (of: AuditReport) => new Set(of.findings.map((finding) => canonicalJson(finding)));
  const [stated, own] = [texts(report), texts(again)];
  const missing = again.findings.filter((finding) => !stated.has(canonicalJson(finding)));
  const madeUp = report.findings
    .filter(({ type }) => fromCounts.includes(type))
    .filter((f) => !own.has(canonicalJson(f)));
  return [
    ...missing.map(({ text }) => ({ at: '/findings', stated: null, rederived: text })),
    ...madeUp.map(({ text }) => ({ at: '/findings', stated: text, rederived: null })),
  ];
}
