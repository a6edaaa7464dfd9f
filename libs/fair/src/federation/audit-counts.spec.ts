import { canonicalJson, digestOfJson, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type AuditCounts,
  auditCounts,
  auditCountsBytes,
  auditCountsDigest,
  type JointTable,
  planDigest,
  readAuditCounts,
  tablesOfPlan,
} from '../index.js';
import { handedOut, jointOf, plainRow, sharedPlan } from '../testing/federated-rows.js';

const attributes = ['sex', 'race', 'age'];
const rowArbitrary = plainRow(['young', 'old']);
const rows = fc.sample(rowArbitrary, { numRuns: 200, seed: 7 });
const document = handedOut(jointOf(rows, attributes), sharedPlan, 'Ghent');
/** A document as it comes over the wire, changed. */
const changed = (change: (document: Record<string, never>) => void): unknown => {
  const copy = JSON.parse(canonicalJson(document));
  change(copy);
  return copy;
};
const problemOf = (value: unknown) => {
  const read = readAuditCounts(value);
  return read.ok ? 'none' : `${read.problem.kind} ${read.problem.at ?? ''}`.trim();
};

describe('a document of counts', () => {
  test('comes back from JSON with the counts that went in, weighted ones to the bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(rowArbitrary, fc.double({ min: 0, max: 1e6, noNaN: true })), { minLength: 1 }),
        (all) => {
          const joint = jointOf(
            all.map(([row]) => row),
            attributes,
            all.map(([, weight]) => weight),
          );
          const sent = handedOut(joint, sharedPlan, 'Ghent', true);
          const read = must(readAuditCounts(JSON.parse(new TextDecoder().decode(auditCountsBytes(sent)))));
          expect(read.joint).toEqual(joint);
          expect(read.digest).toBe(auditCountsDigest(sent));
        },
      ),
      { numRuns: 50 },
    );
  });

  test('is the same to the byte in whatever order the rows were counted', () => {
    const turned = handedOut(jointOf([...rows].reverse(), attributes), sharedPlan, 'Ghent');
    expect(canonicalJson(turned)).toBe(canonicalJson(document));
  });

  test('holds the columns of the plan in its order and no others', () => {
    const wide = rows.map((row) => ({ ...row, values: [...row.values.slice().reverse(), 'secret'] }));
    const own = handedOut(jointOf(wide, ['age', 'race', 'sex', 'name']), sharedPlan, 'Ghent');
    expect(canonicalJson(own)).toBe(canonicalJson(document));
  });

  test('names the tables of its plan once each, everybody first', () => {
    expect(tablesOfPlan(sharedPlan)).toEqual([
      [],
      ['sex'],
      ['race'],
      ['sex', 'race'],
      ['sex', 'age'],
      ['race', 'age'],
      ['sex', 'race', 'age'],
    ]);
    expect(tablesOfPlan({ ...sharedPlan, controls: ['race'] })).toEqual([[], ['sex'], ['race'], ['sex', 'race']]);
  });

  test('cannot be made of rows that are not those of the data, of none, or without a column of the plan', () => {
    const input = { ...document, joint: jointOf(rows, attributes) };
    const { type, planDigest: digest, columns, counts, ...rest } = input;
    expect([type, digest, columns.length, counts.kind]).toEqual(['AuditCounts', planDigest(sharedPlan), 3, 'joint']);
    const kindOf = (given: Partial<typeof rest>) => {
      const made = auditCounts({ ...rest, ...given });
      return made.ok ? 'none' : made.problem.kind;
    };
    expect(kindOf({})).toBe('none');
    expect(kindOf({ data: { ...rest.data, rows: 199 } })).toBe('audit-counts.rows-differ');
    expect(kindOf({ joint: jointOf([], attributes) })).toBe('audit-counts.no-rows');
    expect(kindOf({ joint: jointOf(rows, ['sex', 'race', 'town']) })).toBe('joint.unknown-attribute');
    expect(kindOf({ definitions: { ...rest.definitions, decision: { kind: 'model' } } })).toBe('audit-counts.no-model');
    expect(kindOf({ definitions: { ...rest.definitions, weight: { column: 'w' } } })).toBe(
      'audit-counts.mixed-weights',
    );
  });
});

describe('reading a document of counts from elsewhere', () => {
  const table = document.counts as JointTable;
  const withTable = (counts: unknown) => ({ ...document, counts });

  test.each<[string, unknown, string]>([
    ['something else', { type: 'AuditReport' }, 'audit-counts.malformed'],
    [
      'a negative count',
      withTable({ ...table, cells: [[-1, 0, 0, 0], ...table.cells.slice(1)] }),
      'audit-counts.malformed /counts/cells/0/0',
    ],
    [
      'a fraction of a row',
      withTable({ ...table, cells: [[0.5, 0, 0, 0], ...table.cells.slice(1)] }),
      'audit-counts.malformed /counts/cells/0/0',
    ],
    ['a member that the format does not have', { ...document, note: 'hello' }, 'audit-counts.malformed'],
    ['a digest of another plan', { ...document, planDigest: digestOfJson({}) }, 'audit-counts.other-plan /planDigest'],
    [
      'a plan that was changed',
      changed((d: { plan?: { level?: number } }) => Object.assign(d.plan ?? {}, { level: 0.9 })),
      'audit-counts.other-plan /planDigest',
    ],
    [
      'a plan with members left out',
      changed((d: { plan?: { level?: number } }) => delete d.plan?.level),
      'audit-counts.other-plan /plan',
    ],
    [
      'columns in another order',
      { ...document, columns: [...document.columns].reverse() },
      'audit-counts.other-columns /columns',
    ],
    [
      'a level twice',
      changed((d: { columns?: { levels: string[] }[] }) => d.columns?.[0]?.levels.push('m')),
      'audit-counts.not-canonical /columns/0/levels',
    ],
    [
      'a level without rows',
      changed((d: { columns?: { levels: string[] }[] }) => d.columns?.[2]?.levels.push('zz')),
      'audit-counts.not-canonical /counts/codes',
    ],
    [
      'a code without a level',
      withTable({ ...table, codes: [[9, 0, 0], ...table.codes.slice(1)] }),
      'audit-counts.wrong-codes /counts/codes/0',
    ],
    [
      'a combination with too few codes',
      withTable({ ...table, codes: [[0], ...table.codes.slice(1)] }),
      'audit-counts.wrong-codes /counts/codes/0',
    ],
    [
      'a combination twice',
      withTable({ ...table, codes: [table.codes[1], ...table.codes.slice(1)] }),
      'audit-counts.not-canonical /counts/codes',
    ],
    [
      'fewer cells than codes',
      withTable({ ...table, cells: table.cells.slice(1) }),
      'audit-counts.wrong-codes /counts',
    ],
    [
      'another number of rows',
      { ...document, data: { ...document.data, rows: 201 } },
      'audit-counts.rows-differ /data/rows',
    ],
    [
      'weights without their column',
      withTable({
        ...table,
        weights: {
          sums: table.cells.map(() => ['0', '0', '0', '0']),
          squares: table.cells.map(() => ['0', '0', '0', '0']),
        },
      }),
      'audit-counts.mixed-weights /definitions/weight',
    ],
    [
      'decisions of a model that is not named',
      changed((d: { definitions?: { decision: unknown } }) =>
        Object.assign(d.definitions ?? {}, { decision: { kind: 'model' } }),
      ),
      'audit-counts.no-model /model',
    ],
  ])('refuses %s, and says where', (_, value, expected) => {
    expect(problemOf(value)).toMatch(new RegExp(`^${expected}`));
  });

  test('accepts what it does not refuse', () => {
    expect(problemOf(document)).toBe('none');
  });

  /** Tables in which each number below 5 is withheld, and nothing else: the form, not the protection. */
  const withheld = (minimumCell: number): AuditCounts => {
    const read = must(readAuditCounts(document));
    return {
      ...document,
      counts: {
        kind: 'tables',
        minimumCell,
        tables: tablesOfPlan(sharedPlan).map((names) => {
          const own = read.tables.find((t) => t.attributes.join() === names.join());
          const columns = document.columns.filter(({ attribute }) => names.includes(attribute));
          const all = columns.reduce<number[][]>(
            (codes, { levels }) => codes.flatMap((c) => levels.map((_, i) => [...c, i])),
            [[]],
          );
          return {
            attributes: names,
            groups: all.map((codes) => {
              const levels = codes.map((code, k) => columns[k]?.levels[code]);
              const [tn = 0, fp = 0, fn = 0, tp = 0] =
                own?.groups.find((g) => g.levels.join() === levels.join())?.cells ?? [];
              const hide = (n: number | null) => (n === null || n < minimumCell ? null : n);
              return { codes, cells: [hide(tn), hide(fp), hide(fn), hide(tp)] as const };
            }),
          };
        }),
      },
    };
  };

  test('reads tables with withheld numbers, which stay unknown', () => {
    const read = must(readAuditCounts(JSON.parse(canonicalJson(withheld(5)))));
    expect(read.joint).toBeUndefined();
    const cells = read.tables.flatMap(({ groups }) => groups.flatMap((group) => group.cells));
    expect(cells).toContain(null);
    expect(cells.every((cell) => cell === null || cell >= 5)).toBe(true);
  });

  test('refuses tables that are not those of the plan, that lack a combination, or that add up to something else', () => {
    const sent = withheld(5);
    const { counts } = sent;
    if (counts.kind !== 'tables') throw new Error('these are tables');
    const [all, sex, ...others] = counts.tables;
    if (!all || !sex) throw new Error('there are tables');
    const withTables = (tables: unknown) => ({ ...sent, counts: { ...counts, tables } });
    expect(problemOf(withTables([all, ...others]))).toBe('audit-counts.other-columns /counts/tables');
    expect(problemOf(withTables([all, { ...sex, groups: sex.groups.slice(1) }, ...others]))).toBe(
      'audit-counts.not-canonical /counts/tables/1/groups',
    );
    expect(problemOf(withTables([{ ...all, groups: [{ codes: [], cells: [50, 50, 50, 51] }] }, sex, ...others]))).toBe(
      'audit-counts.rows-differ /counts/tables/0',
    );
    expect(
      problemOf(
        withTables([all, { ...sex, groups: sex.groups.map(({ cells }) => ({ codes: [7], cells })) }, ...others]),
      ),
    ).toBe('audit-counts.wrong-codes /counts/tables/1/groups/0/codes');
    expect(problemOf({ ...sent, counts: { ...counts, minimumCell: 1 } })).toBe(
      'audit-counts.malformed /counts/minimumCell',
    );
  });
});
