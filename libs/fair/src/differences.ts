import { canonicalJson, type Json } from '@hansa/kernel';

/** A place where a report says something else than what it was computed to be. */
export interface Discrepancy {
  /** A JSON pointer into the report. */
  readonly at: string;
  /** Null where the report says nothing. */
  readonly stated: Json;
  /** Null where there should be nothing. */
  readonly rederived: Json;
}

type Members = Readonly<Record<string, Json>>;

/**
 * Member by member, where two JSON values differ; nothing exactly when their canonical JSON is the same.
 *
 * @example
 * differences({ verdict: { outcome: 'pass' } }, { verdict: { outcome: 'fail' } });
 * // [{ at: '/verdict/outcome', stated: 'pass', rederived: 'fail' }]
 */
export function differences(stated: Json, rederived: Json, at = ''): readonly Discrepancy[] {
  if (canonicalJson(stated) === canonicalJson(rederived)) return [];
  const isOpen = (value: Json) => typeof value === 'object' && value !== null;
  if (!isOpen(stated) || !isOpen(rederived) || Array.isArray(stated) !== Array.isArray(rederived))
    return [{ at, stated, rederived }];
  const [a, b] = [stated as Members, rederived as Members];
  const members = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return members.flatMap((member) => {
    const place = `${at}/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (member in a && member in b) return differences(a[member] ?? null, b[member] ?? null, place);
    return [{ at: place, stated: a[member] ?? null, rederived: b[member] ?? null }];
  });
}
