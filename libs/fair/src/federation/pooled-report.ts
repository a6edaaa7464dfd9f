import { must, type Result } from '@hansa/kernel';
import { cellCounts } from '../cell-counts.js';
import { type Finding, findingTypes } from '../findings/finding.js';
import { type AuditReport, buildReport, type ReportProblem, type SoftwareReference } from '../report.js';
import { list } from '../words.js';
import type { PooledCounts } from './merge-counts.js';
import { cellCountsOf } from './merge-tables.js';

/** The report of an audit of several cities, from their counts. */
export function pooledReport(
  pooled: PooledCounts,
  { at, software }: { readonly at?: string; readonly software: SoftwareReference },
): Result<AuditReport, ReportProblem> {
  const { model, data, plan, counts, cities, scores } = pooled;
  return buildReport({
    ...(at !== undefined && { at }),
    model,
    data,
    plan,
    counts,
    software,
    ...(scores && { scores }),
    dataFindings: sameData(pooled),
    cities: cities.map(({ document, tables, joint }) => ({
      name: document.countedBy,
      // That the columns are those of the plan was checked when the document was read.
      counts: joint ? must(cellCounts(joint, plan)) : cellCountsOf(tables, plan),
    })),
  });
}

/** Cities that counted one file: the same people would stand in the sum twice. */
function sameData({ cities }: PooledCounts): readonly Finding[] {
  const digests = [...new Set(cities.map(({ document }) => document.data.digest))];
  return digests.flatMap((digest): readonly Finding[] => {
    const own = cities.filter(({ document }) => document.data.digest === digest);
    if (own.length < 2) return [];
    const names = list(own.map(({ document }) => document.countedBy));
    const text = `${names} counted data with the same digest: the same rows are in the sum ${own.length} times, and all intervals are too narrow.`;
    return [{ type: findingTypes.duplicateRows, severity: 'high', text }];
  });
}
