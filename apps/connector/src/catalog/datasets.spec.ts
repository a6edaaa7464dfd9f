import { createHash } from 'node:crypto';
import type { FilterCondition } from '@hansa/dsp';
import { type Database, openDatabase, UnitOfWork } from '@hansa/platform';
import { createTestDatabase, databaseKinds, type TestDatabase, testServerUrl } from '@hansa/platform/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Catalog1763856400000 } from './catalog.migration.js';
import { datasetSchema, offerSchema } from './catalog.schema.js';
import { CatalogIndex1763946000000 } from './catalog-index.migration.js';
import type { Dataset } from './dataset.js';
import { Datasets } from './datasets.js';
import { plainRules } from './negotiation-rules.js';
import { NonFinite1764002100000 } from './non-finite.migration.js';
import { OfferRules1763961000000 } from './offer-rules.migration.js';

const keywords = ['bicycle', 'stops', 'air', 'Straßenbäume'];
const publishers = ['VBB', 'Stadt Münster', "O'Neill; DROP TABLE dataset", null];
const licences = ['CC-BY-4.0', 'CC0-1.0', null];
const titles = ['Bicycle counts', 'Public transport stops', 'Air quality & noise', 'Counts of trees'];

/** One of a list, by chance that is the same in every run. */
const pick = <T>(list: readonly T[], seed: string): T =>
  list[createHash('sha256').update(seed).digest().readUInt32BE(0) % list.length] as T;

const all: readonly Dataset[] = Array.from({ length: 300 }, (_, i) => ({
  id: `urn:d:${String(i).padStart(3, '0')}`,
  title: pick(titles, `title ${i}`),
  description: `Number ${i}`,
  keywords: keywords.filter((word) => pick([true, false], `${word} ${i}`)),
  publisher: pick(publishers, `publisher ${i}`),
  licence: pick(licences, `licence ${i}`),
  source: { kind: 'file', path: '/x.csv', format: 'csv' },
  finite: true,
  intervalSeconds: null,
  profile: null,
  createdAt: new Date(0),
}));
/** Every third is not on offer, every fifth of the others twice. */
const offersOf = (i: number): number => (i % 3 === 0 ? 0 : i % 5 === 0 ? 2 : 1);

const words = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** What a condition means, said another way than in SQL. */
function holds({ operand, anyOf }: FilterCondition, d: Dataset): boolean {
  const texts = words(`${d.title} ${d.description} ${d.keywords.join(' ')}`);
  const begins = (value: string) => {
    const asked = words(value);
    return asked.length > 0 && asked.every((word) => texts.some((text) => text.startsWith(word)));
  };
  if (operand === 'text') return anyOf.some(begins);
  if (operand === 'keyword') return anyOf.some((value) => d.keywords.includes(value));
  const value = operand === 'license' ? d.licence : d[operand];
  return value !== null && anyOf.includes(value);
}

for (const kind of databaseKinds) {
  const available = kind === 'embedded' || testServerUrl !== undefined;
  if (!available) process.stderr.write('skipped: the catalogue on a server (HANSA_TEST_DATABASE_URL is not set)\n');

  (available ? describe : describe.skip)(`the datasets on offer, ${kind}`, () => {
    let home: TestDatabase;
    let database: Database;
    let datasets: Datasets;

    beforeAll(async () => {
      home = await createTestDatabase(kind);
      database = await openDatabase(home.location, {
        entities: [datasetSchema, offerSchema],
        migrations: [Catalog1763856400000, CatalogIndex1763946000000, OfferRules1763961000000, NonFinite1764002100000],
      });
      datasets = new Datasets(database.dataSource);
      await new UnitOfWork(database.dataSource).run(async (tx) => {
        for (const [i, dataset] of all.entries()) {
          await datasets.add(tx, dataset);
          for (let n = 0; n < offersOf(i); n++) await datasets.addOffer(tx, offer(dataset.id, n, null));
          await datasets.addOffer(tx, offer(dataset.id, 9, new Date(1)));
        }
      });
    }, 60_000);
    afterAll(async () => {
      await database.close();
      await home.remove();
    });

    const offer = (datasetId: string, n: number, withdrawnAt: Date | null) => ({
      id: `${datasetId}:${n}`,
      datasetId,
      policy: { '@id': `${datasetId}:${n}` },
      template: null,
      negotiation: plainRules,
      createdAt: new Date(0),
      withdrawnAt,
    });

    /** All pages, one after the other. */
    async function walk(conditions: readonly FilterCondition[], limit: number): Promise<readonly string[]> {
      const ids: string[] = [];
      let after: string | undefined;
      do {
        const { items, next } = await datasets.offered(after, limit, conditions);
        for (const { dataset, offers } of items) {
          const index = all.findIndex(({ id }) => id === dataset.id);
          expect(offers).toHaveLength(offersOf(index));
          ids.push(dataset.id);
        }
        after = next ?? undefined;
      } while (after !== undefined);
      return ids;
    }

    const expected = (conditions: readonly FilterCondition[]) =>
      all.filter((d, i) => offersOf(i) > 0 && conditions.every((condition) => holds(condition, d))).map(({ id }) => id);

    test.each([1, 7, 100, 200, 500])('are all there, each once, in pages of %i', async (limit) => {
      expect(await walk([], limit)).toEqual(expected([]));
    });

    test.each<[FilterCondition['operand'], readonly string[]]>([
      ['id', ['urn:d:001', 'urn:d:003', 'urn:d:004']],
      ['title', ['Bicycle counts']],
      ['publisher', ["O'Neill; DROP TABLE dataset"]],
      ['license', ['CC-BY-4.0', 'CC0-1.0']],
      ['keyword', ['Straßenbäume']],
      ['text', ['count tree']],
      ['text', ['straßen', 'noise']],
    ])('are found by %s %j', async (operand, anyOf) => {
      const conditions = [{ operand, anyOf }];
      expect(expected(conditions).length).toBeGreaterThan(0);
      expect(await walk(conditions, 10)).toEqual(expected(conditions));
    });

    test.each([
      ['', 0],
      ['&', 0],
      ["'", 0],
      [':*', 0],
      ['\u0001', 0],
      ['zzz', 0],
      // Letters count, and nothing between them is an operator.
      ["' | 'bi", 1],
      ['!stops', 1],
      ['stops <-> public', 1],
    ])('are found by the words of the text %j alone', async (text, found) => {
      const conditions = [{ operand: 'text', anyOf: [text] }] as const;
      expect(Math.sign(expected(conditions).length)).toBe(found);
      expect(await walk(conditions, 10)).toEqual(expected(conditions));
    });

    test('are found without a statement kept for each filter, or for each length of a page', async () => {
      for (const limit of [1, 2, 3, 4]) await datasets.offered(undefined, limit);
      for (const operand of ['title', 'keyword', 'publisher'] as const)
        await datasets.offered(undefined, 5, [{ operand, anyOf: ['x'] }]);
      const kept: { statement: string }[] = await database.dataSource.query(
        'SELECT statement FROM pg_prepared_statements',
      );
      const about = (what: string) => kept.filter(({ statement }) => statement.includes(what)).length;
      expect([about('hit AS'), about('FROM "dataset"'), about('FROM "offer"')]).toEqual([0, 1, 1]);
    });

    test('are those that the conditions say, whatever they are', async () => {
      const values = {
        id: all.map(({ id }) => id),
        title: titles,
        publisher: publishers.filter((value) => value !== null),
        license: licences.filter((value) => value !== null),
        keyword: keywords,
        text: ['co', 'bicycle', 'number 1', 'air, noise', 'STOPS transport', 'x'],
      };
      const condition = fc.constantFrom(...(Object.keys(values) as (keyof typeof values)[])).chain((operand) =>
        fc.record({
          operand: fc.constant(operand),
          anyOf: fc.array(fc.constantFrom(...values[operand]), { minLength: 1, maxLength: 3 }),
        }),
      );
      let found = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(condition, { minLength: 1, maxLength: 3 }),
          fc.integer({ min: 1, max: 50 }),
          async (conditions, limit) => {
            const ids = await walk(conditions, limit);
            expect(ids).toEqual(expected(conditions));
            if (ids.length > 0) found++;
          },
        ),
        { numRuns: 100 },
      );
      expect(found).toBeGreaterThan(20);
    }, 60_000);
  });
}
