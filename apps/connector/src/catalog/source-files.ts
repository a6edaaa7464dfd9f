import { createHash } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient } from '@hansa/platform';
import type { SourceFormat, TableSource } from '@hansa/tabular';
import type { Dataset, DatasetSource } from './dataset.js';

/** Milliseconds for which a copy of a remote source is used before it is fetched again. */
const copyMaxAge = 60_000;
const maxSourceBytes = 4 * 1024 ** 3;

const formatBySuffix: Readonly<Record<string, SourceFormat>> = {
  '.csv': 'csv',
  '.json': 'json',
  '.ndjson': 'json',
  '.parquet': 'parquet',
  '.geojson': 'geojson',
};

/** The format that is named, or the one that the suffix of the path or URL tells. */
export function sourceFormat(location: string, named: SourceFormat | undefined): Result<SourceFormat> {
  const suffix = extname(URL.canParse(location) ? new URL(location).pathname : location).toLowerCase();
  const format = named ?? formatBySuffix[suffix];
  if (format) return ok(format);
  return refuse(
    'dataset.format-unknown',
    `"${suffix}" does not tell the format; name it: csv, json, parquet or geojson.`,
    'source.format',
  );
}

/** Brings the data of a dataset onto this machine, where the table engine can read them. */
export class SourceFiles {
  constructor(
    private readonly directory: string,
    private readonly client: GuardedClient,
  ) {}

  async fileOf(dataset: Pick<Dataset, 'source'>): Promise<Result<TableSource>> {
    const { source } = dataset;
    if (source.kind === 'inference-service')
      return refuse('dataset.no-table', 'An inference service has no table; send it requests.');
    const format = source.format as SourceFormat;
    if (source.kind === 'file') return ok({ file: resolve(source.path), format });
    const copy = await this.#copyOf(source);
    return copy.ok ? ok({ file: copy.value, format }) : copy;
  }

  /** A remote source is copied whole and then renamed into place, so that a reader never sees half of it. */
  async #copyOf(source: Extract<DatasetSource, { kind: 'http' }>): Promise<Result<string>> {
    await mkdir(this.directory, { recursive: true });
    const file = join(this.directory, `${createHash('sha256').update(source.url).digest('hex')}.${source.format}`);
    const age = await stat(file).then(
      (found) => Date.now() - found.mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (age < copyMaxAge) return ok(file);
    const pulled = await this.client.stream({ url: source.url, maxBytes: maxSourceBytes }, file);
    return pulled.ok ? ok(file) : pulled;
  }
}
