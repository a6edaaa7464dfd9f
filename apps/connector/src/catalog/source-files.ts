import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { ok, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient } from '@hansa/platform';
import type { SourceFormat, TableSource } from '@hansa/tabular';
import type { Dataset, DatasetSource } from './dataset.js';

/** Milliseconds for which a copy of a remote source is used at the longest before it is fetched again. */
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
  readonly #underWay = new Map<string, Promise<Result<string>>>();

  constructor(
    private readonly directory: string,
    private readonly client: GuardedClient,
  ) {}

  /** @param maxAge milliseconds for which a copy of a remote source may be used before it is fetched again. */
  async fileOf(dataset: Pick<Dataset, 'source'>, maxAge = copyMaxAge): Promise<Result<TableSource>> {
    const { source } = dataset;
    if (source.kind === 'inference-service')
      return refuse('dataset.no-table', 'An inference service has no table; send it requests.');
    const format = source.format as SourceFormat;
    if (source.kind === 'file') return ok({ file: resolve(source.path), format });
    const copy = await this.#copyOf(source, Math.min(maxAge, copyMaxAge));
    return copy.ok ? ok({ file: copy.value, format }) : copy;
  }

  /**
   * A remote source is copied whole and then renamed into place, so that a reader never sees half of it. What has not
   * changed leaves the copy untouched, and with it everything that was made from it; when it was last compared is the time
   * of the file with its digest.
   */
  async #copyOf(source: Extract<DatasetSource, { kind: 'http' }>, maxAge: number): Promise<Result<string>> {
    await mkdir(this.directory, { recursive: true });
    const file = join(this.directory, `${createHash('sha256').update(source.url).digest('hex')}.${source.format}`);
    const noted = `${file}.digest`;
    const age = await stat(noted).then(
      (found) => Date.now() - found.mtimeMs,
      () => Number.POSITIVE_INFINITY,
    );
    if (age < maxAge) return ok(file);
    // One at a time: two that write the same file would mix their bytes.
    const underWay = this.#underWay.get(file) ?? this.#fetch(source.url, file, noted);
    this.#underWay.set(file, underWay);
    return underWay.finally(() => this.#underWay.delete(file));
  }

  async #fetch(url: string, file: string, noted: string): Promise<Result<string>> {
    const fetched = `${file}.fetched`;
    const pulled = await this.client.stream({ url, maxBytes: maxSourceBytes }, fetched);
    if (!pulled.ok) return pulled;
    const { digest } = pulled.value;
    const isSame = (await readFile(noted, 'utf8').catch(() => null)) === digest && (await exists(file));
    if (isSame) await rm(fetched, { force: true });
    else await rename(fetched, file);
    await writeFile(noted, digest);
    return ok(file);
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
