import { countJoint } from '@hansa/fair';
import { must } from '@hansa/kernel';
import type { ColumnBatch, ColumnVector } from '@hansa/tabular';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ColumnGatherer } from './gather-columns.js';

const number = (...values: number[]): ColumnVector => ({ kind: 'number', values: Float64Array.from(values) });
const boolean = (...values: number[]): ColumnVector => ({ kind: 'boolean', values: Uint8Array.from(values) });
const text = (...values: (string | null)[]): ColumnVector => ({ kind: 'text', values });
const batch = (columns: Readonly<Record<string, ColumnVector>>): ColumnBatch => ({
  rows: Object.values(columns)[0]?.values.length ?? 0,
  columns: new Map(Object.entries(columns)),
});

describe('a column gatherer', () => {
  test('joins batches, and its dictionary grows with them', () => {
    const gatherer = new ColumnGatherer({ label: 'y', attributes: ['sex'] });
    must(gatherer.add(batch({ y: number(1, 0), sex: text('F', 'M') })));
    must(gatherer.add(batch({ y: number(1, 1), sex: text('X', 'F') })));
    expect(gatherer.rows).toBe(4);
    expect(gatherer.finish({ decisions: Uint8Array.of(1, 1, 0, 0) })).toEqual({
      label: Uint8Array.of(1, 0, 1, 1),
      decision: Uint8Array.of(1, 1, 0, 0),
      attributes: [{ attribute: 'sex', levels: ['F', 'M', 'X'], codes: Uint16Array.of(0, 1, 2, 0) }],
    });
  });

  test('drops nobody whose group is not stated, whatever the kind of column', () => {
    const gatherer = new ColumnGatherer({ label: 'y', attributes: ['a', 'b', 'c'] });
    const columns = { a: text('x', null, ''), b: number(3, Number.NaN, 3), c: boolean(1, 255, 0) };
    must(gatherer.add(batch({ y: boolean(1, 0, 1), ...columns })));
    expect(gatherer.finish().attributes.map(({ levels }) => levels)).toEqual([
      ['x', 'not stated'],
      ['3', 'not stated'],
      ['true', 'not stated', 'false'],
    ]);
  });

  test('reads decisions from words when the positive ones are named', () => {
    const decision = { column: 'risk', positive: ['Medium', 'High'] };
    const gatherer = new ColumnGatherer({ label: 'y', decision, attributes: [] });
    expect(gatherer.columns).toEqual(['y', 'risk']);
    must(gatherer.add(batch({ y: number(1, 0, 0), risk: text('High', 'Low', 'Medium') })));
    expect(gatherer.finish().decision).toEqual(Uint8Array.of(1, 0, 1));
  });

  test.each([
    [number(0, 2), 'A label is 0 or 1, or true or false, but "y" has the value 2 in row 4; name a column of 0 and 1'],
    [text('yes'), '"y" has the value "yes" in row 3'],
    [number(1, Number.NaN), '"y" has no value in row 4; leave such rows out by a condition in "where".'],
    [boolean(255), '"y" has no value in row 3'],
  ])('refuses a label that is neither yes nor no, and names the row', (vector, detail) => {
    const gatherer = new ColumnGatherer({ label: 'y', attributes: [] });
    must(gatherer.add(batch({ y: number(0, 1) })));
    expect(gatherer.add(batch({ y: vector }))).toMatchObject({
      problem: { kind: 'audit.not-binary', at: 'y', detail: expect.stringContaining(detail) },
    });
  });

  test('refuses a decision without a value', () => {
    const decision = { column: 'risk', positive: ['High'] };
    const gatherer = new ColumnGatherer({ label: 'y', decision, attributes: [] });
    const refused = gatherer.add(batch({ y: number(1), risk: text(null) }));
    expect(refused).toMatchObject({ problem: { detail: expect.stringContaining('A decision needs a value') } });
  });

  test('refuses an attribute that is a name or an amount', () => {
    const gatherer = new ColumnGatherer({ label: 'y', attributes: ['id'] });
    const ids = Array.from({ length: 1001 }, (_, i) => i);
    const refused = gatherer.add(batch({ y: number(...ids.map(() => 0)), id: number(...ids) }));
    expect(refused).toMatchObject({ problem: { kind: 'audit.too-many-groups', at: 'id' } });
  });

  test('counts the same however the rows are cut into batches', () => {
    const rows = fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.constantFrom('a', 'b', null)), { minLength: 1 });
    let cut = 0;
    fc.assert(
      fc.property(rows, fc.nat(), (all, at) => {
        const middle = at % all.length;
        if (middle > 0) cut++;
        const gather = (...parts: (typeof all)[]) => {
          const gatherer = new ColumnGatherer({ label: 'y', attributes: ['g'] });
          for (const part of parts)
            must(
              gatherer.add(batch({ y: number(...part.map(([y]) => Number(y))), g: text(...part.map((r) => r[2])) })),
            );
          return must(countJoint(gatherer.finish({ decisions: Uint8Array.from(all, ([, d]) => Number(d)) })));
        };
        expect(gather(all.slice(0, middle), all.slice(middle))).toEqual(gather(all));
      }),
    );
    expect(cut).toBeGreaterThan(20);
  });
});
