import { ok, type Problem, type Result, refuse } from '@hansa/kernel';

/** What a dataset's file may be. */
export type SourceFormat = 'csv' | 'json' | 'parquet' | 'geojson';

/** What a representation may be. */
export type TargetFormat = 'csv' | 'json' | 'parquet' | 'arrow';

/**
 * Media types as registered with IANA (text/csv of RFC 4180; the two Apache types are vendor-tree registrations).
 * The order is the order of preference when a client accepts several equally.
 */
export const mediaTypes = {
  csv: 'text/csv',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
} as const satisfies Record<TargetFormat, string>;

const targetFormats = Object.keys(mediaTypes) as readonly TargetFormat[];

/** File name suffixes, without the dot. */
const suffixes: Readonly<Record<string, TargetFormat>> = {
  csv: 'csv',
  json: 'json',
  parquet: 'parquet',
  arrow: 'arrow',
  arrows: 'arrow',
};

interface AcceptRange {
  readonly type: string;
  readonly quality: number;
}

/**
 * Chooses the format of a response. A suffix in the address decides alone, as a person who typed it means it; else the
 * `Accept` field does by RFC 9110 section 12.5.1 (the most specific range gives a type its weight; the greatest weight
 * wins; ties go by the order of {@link mediaTypes}). Without either it is CSV.
 *
 * @example
 * negotiateFormat('application/json;q=0.5, text/csv', undefined); // { ok: true, value: 'csv' }
 * negotiateFormat(undefined, 'xlsx'); // { ok: false, problem: { kind: 'tabular.not-acceptable', … } }
 */
export function negotiateFormat(
  accept: string | undefined,
  suffix: string | undefined,
): Result<TargetFormat, Problem<'tabular.not-acceptable'>> {
  const offered = Object.values(mediaTypes).join(', ');
  if (suffix !== undefined) {
    const key = suffix.replace(/^\./, '').toLowerCase();
    const format = Object.hasOwn(suffixes, key) ? suffixes[key] : undefined;
    if (format) return ok(format);
    return refuse(
      'tabular.not-acceptable',
      `No format has the suffix ".${key}"; ask for .csv, .json, .parquet or .arrow.`,
    );
  }
  if (accept === undefined || accept.trim() === '') return ok('csv');
  const ranges = parseAccept(accept);
  let best: TargetFormat | undefined;
  let bestQuality = 0;
  for (const format of targetFormats) {
    const quality = qualityOf(mediaTypes[format], ranges);
    if (quality > bestQuality) [best, bestQuality] = [format, quality];
  }
  if (best) return ok(best);
  return refuse('tabular.not-acceptable', `None of the accepted media types can be served; ask for one of ${offered}.`);
}

function parseAccept(accept: string): readonly AcceptRange[] {
  return accept.split(',').map((item) => {
    const [type = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
  });
}

function qualityOf(mediaType: string, ranges: readonly AcceptRange[]): number {
  const group = `${mediaType.split('/')[0]}/*`;
  for (const candidate of [mediaType, group, '*/*']) {
    const range = ranges.find(({ type }) => type === candidate);
    if (range) return range.quality;
  }
  return 0;
}
