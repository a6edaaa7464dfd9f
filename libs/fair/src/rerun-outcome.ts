import { canonicalJson, type Digest, type Json } from '@hansa/kernel';
import { type Discrepancy, differences } from './differences.js';
import { type AuditReport, reportDigest, type SoftwareReference } from './report.js';

/** What came out of running the audit of a report again. */
export interface RerunOutcome {
  /** Whether both reports have the same bytes; no member is left out. */
  readonly same: boolean;
  readonly reportDigest: { readonly stated: Digest; readonly repeated: Digest };
  readonly software: { readonly stated: SoftwareReference; readonly repeated: SoftwareReference };
  /** How many places differ. */
  readonly differing: number;
  /** The first hundred of them. */
  readonly differences: readonly Discrepancy[];
}

/** Places that are listed; whoever wants all of them compares the files. */
const most = 100;

/** What went in comes first, then the verdict and the counts; all other figures follow from these. */
const first = ['data', 'model', 'software', 'plan', 'planDigest', 'request', 'verdict', 'slices'];

/**
 * Holds a report against the one that came out of running its audit again.
 *
 * @example
 * rerunOutcome(report, again); // { same: false, differing: 3, differences: [{ at: '/data/digest', … }, …], … }
 */
export function rerunOutcome(stated: AuditReport, repeated: AuditReport): RerunOutcome {
  const digests = { stated: reportDigest(stated), repeated: reportDigest(repeated) };
  const plain = (report: AuditReport) => JSON.parse(canonicalJson(report)) as Json;
  const found = differences(plain(stated), plain(repeated));
  return {
    same: digests.stated === digests.repeated,
    reportDigest: digests,
    software: { stated: stated.software, repeated: repeated.software },
    differing: found.length,
    differences: inOrder(found).slice(0, most),
  };
}

function inOrder(found: readonly Discrepancy[]): readonly Discrepancy[] {
  const rank = ({ at }: Discrepancy) => {
    const known = first.indexOf(at.split('/')[1] ?? '');
    return known < 0 ? first.length : known;
  };
  return [...found].sort((a, b) => rank(a) - rank(b));
}
