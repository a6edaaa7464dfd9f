import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestOfJson, isDigest, ok, parseJson, type Result } from '@hansa/kernel';
import { type Policy, shapingOf } from '@hansa/odrl';
import type { Shaping, TableEngine, TableSource, TargetFormat } from '@hansa/tabular';

/** Milliseconds after its last use for which a representation of data that have changed since is kept. */
const keepOutdated = 3_600_000;

/** A file that holds a dataset as one policy lets it out, in one format. Never changed once written. */
export interface StoredRepresentation {
  readonly file: string;
  readonly format: TargetFormat;
  readonly digest: Digest;
  readonly bytes: number;
  readonly rows: number;
}

/**
 * Keeps the representations that were asked for, by everything that determines their bytes: the state of the source,
 * the shaping and the format. So repeated and partial requests read one file, and its digest is a strong validator.
 */
export class Representations {
  readonly #underWay = new Map<string, Promise<Result<StoredRepresentation>>>();

  constructor(
    private readonly tables: TableEngine,
    private readonly directory: string,
  ) {}

  async get(source: TableSource, policy: Policy, format: TargetFormat): Promise<Result<StoredRepresentation>> {
    const duties = shapingOf(policy);
    if (!duties.ok) return duties;
    const shaping: Shaping = duties.value;
    const state = await stat(source.file, { bigint: true }).catch(() => null);
    const version = state === null ? null : `${state.size}-${state.mtimeNs}-${state.ino}`;
    const base = digestOfJson({ source: { ...source }, shaping, format }).slice('sha-256:'.length);
    const key = `${base}-${digestOfJson(version).slice('sha-256:'.length, 'sha-256:'.length + 16)}`;
    const underWay = this.#underWay.get(key);
    if (underWay) return underWay;
    const made = this.#make(base, key, source, shaping, format).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, made);
    return made;
  }

  async #make(
    base: string,
    key: string,
    source: TableSource,
    shaping: Shaping,
    format: TargetFormat,
  ): Promise<Result<StoredRepresentation>> {
    await mkdir(this.directory, { recursive: true });
    const file = join(this.directory, `${key}.${format}`);
    const stored = await readFacts(`${file}.facts.json`);
    if (stored && (await exists(file))) {
      const now = new Date();
      await utimes(file, now, now);
      return ok({ file, format, ...stored });
    }
    await this.#removeOutdated(base);
    const written = await this.tables.writeRepresentation({ source, shaping, target: { file, format } });
    if (!written.ok) return written;
    const { digest, bytes, rows } = written.value;
    // The facts come last: a representation without them is made again.
    await writeFile(`${file}.facts.part`, JSON.stringify({ digest, bytes, rows }));
    await rename(`${file}.facts.part`, `${file}.facts.json`);
    return ok({ file, format, digest, bytes, rows });
  }

  /** Data that go on changing would fill the disk otherwise. */
  async #removeOutdated(base: string): Promise<void> {
    const before = Date.now() - keepOutdated;
    for (const name of await readdir(this.directory)) {
      if (!name.startsWith(`${base}-`)) continue;
      const file = join(this.directory, name);
      const state = await stat(name.endsWith('.facts.json') ? file.slice(0, -'.facts.json'.length) : file).catch(
        () => null,
      );
      if (state === null || state.mtimeMs < before) await rm(file, { force: true });
    }
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

async function readFacts(file: string): Promise<Pick<StoredRepresentation, 'digest' | 'bytes' | 'rows'> | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  const parsed = text === null ? null : parseJson(text);
  if (!parsed?.ok) return null;
  const { digest, bytes, rows } = parsed.value as Record<string, unknown>;
  return isDigest(digest) && typeof bytes === 'number' && typeof rows === 'number' ? { digest, bytes, rows } : null;
}
