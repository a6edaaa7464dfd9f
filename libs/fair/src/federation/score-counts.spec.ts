import { canonicalJson, digestOf, must, seededRandom } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import {
  type AuditCounts,
  type AuditPlan,
  type AuditReport,
  auditCounts,
  auditCountsBytes,
  buildReport,
  type CountedScores,
  cellCounts,
  columnsOfPlan,
  countedScores,
  countJoint,
  findingTypes,
  type JointRows,
  mergeCounts,
  pooledReport,
  readAuditCounts,
  tabulateScores,
  type WithheldTables,
} from '../index.js';
import { sharedPlan } from '../testing/federated-rows.js';

const software = { name: 'hansa', version: '0.1.0' };

/** A made-up person; scores lean towards the label, and decide from a half on. */
interface Scored {
  readonly y: number;
  readonly d: number;
  readonly score: number;
  readonly weight: number;
  readonly values: Readonly<Record<string, string>>;
}

function population(count: number, seed: number, digits = 17): readonly Scored[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const y = random() < 0.5 ? 1 : 0;
    const score = Number((random() < 0.5 ? random() : (random() + random() + y) / 3).toFixed(digits));
    const values = {
      sex: random() < 0.5 ? 'f' : 'm',
      race: ['A', 'b', '9'][Math.floor(random() * 3)] ?? '',
      age: random() < 0.3 ? 'young' : 'old',
    };
    return { y, d: score >= 0.5 ? 1 : 0, score, weight: random() * 5, values };
  });
}

function rowsOf(people: readonly Scored[], plan: AuditPlan): JointRows {
  return {
    label: Uint8Array.from(people, ({ y }) => y),
    decision: Uint8Array.from(people, ({ d }) => d),
    attributes: columnsOfPlan(plan).map((attribute) => {
      const levels = [...new Set(people.map(({ values }) => values[attribute] ?? ''))];
      const codes = Uint16Array.from(people, ({ values }) => levels.indexOf(values[attribute] ?? ''));
      return { attribute, levels, codes };
    }),
    ...(plan.weight !== undefined && { weights: Float64Array.from(people, ({ weight }) => weight) }),
  };
}

const scoresOf = (people: readonly Scored[]) => Float64Array.from(people, ({ score }) => score);
const tableOf = (people: readonly Scored[], plan: AuditPlan) =>
  must(tabulateScores(rowsOf(people, plan), scoresOf(people), plan));

function handedOut(people: readonly Scored[], plan: AuditPlan, city: string, minimumCell?: number) {
  return auditCounts({
    countedBy: city,
    plan,
    data: { digest: digestOf(city), rows: people.length },
    definitions: {
      label: { column: 'y', positive: ['1'] },
      decision: { kind: 'prediction', column: 'd', positive: ['1'] },
      ...(plan.weight !== undefined && { weight: { column: plan.weight } }),
      ...(plan.score && { score: { column: plan.score.column } }),
    },
    joint: must(countJoint(rowsOf(people, plan))),
    ...(plan.score && { scores: tableOf(people, plan) }),
    ...(minimumCell !== undefined && { minimumCell }),
    software,
  });
}

const sent = (document: AuditCounts) =>
  must(readAuditCounts(JSON.parse(new TextDecoder().decode(auditCountsBytes(document)))));

function pooledFile(people: readonly Scored[], plan: AuditPlan): AuditReport {
  const counts = must(cellCounts(must(countJoint(rowsOf(people, plan))), plan));
  const scores = must(countedScores(tableOf(people, plan), plan));
  const digest = digestOf('pooled');
  return must(
    buildReport({ model: { digest }, data: { digest, rows: people.length }, plan, counts, scores, software }),
  );
}

/** What does not name the data or speak of single cities. */
function figures({ model: _, data: __, federation: ___, ...report }: AuditReport): string {
  const own: readonly string[] = [findingTypes.outlyingPlace, findingTypes.heterogeneousPlaces];
  const findings = report.findings.filter(({ type, text }) => !own.includes(type) && !text.includes('over all cities'));
  return canonicalJson({ ...report, findings });
}

const valued: AuditPlan = { ...sharedPlan, weight: 'w', score: { column: 'p' } };
/** Without crossings: a thousand bins of many groups take seconds. */
const binned: AuditPlan = { ...valued, intersections: [], score: { column: 'p', range: [0, 1] } };

describe('weights and scores of several cities', () => {
  test.each([
    ['in bins', binned, population(300, 1)],
    ['each by itself', valued, population(300, 2, 1)],
  ])('give the report of the pooled file, byte for byte, however the rows are split: scores %s', (_, plan, people) => {
    const random = seededRandom(7);
    const expected = figures(pooledFile(people, plan));
    const whole = bytesOf(must(countedScores(tableOf(people, plan), plan)));
    for (const cities of [2, 20]) {
      const parts = people.map(() => Math.floor(random() * cities));
      const documents = Array.from({ length: cities }, (_, city) =>
        sent(
          must(
            handedOut(
              people.filter((_, i) => parts[i] === city),
              plan,
              `City ${city}`,
            ),
          ),
        ),
      );
      const pooled = must(mergeCounts(documents));
      expect(pooled.joint).toEqual(must(countJoint(rowsOf(people, plan))));
      expect(bytesOf(pooled.scores)).toBe(whole);
      if (cities === 20) expect(figures(must(pooledReport(pooled, { software })))).toBe(expected);
    }
  });

  test('have the figures of the rows themselves: the area under the curve is the share of pairs in order', () => {
    const people = population(300, 3, 1);
    const cities = [people.slice(0, 120), people.slice(120)].map((own, i) =>
      sent(must(handedOut(own, valued, `${i}`))),
    );
    const report = must(pooledReport(must(mergeCounts(cities)), { software }));
    const of = (y: number) => people.filter((one) => one.y === y).map(({ score }) => score);
    const wins = of(1).flatMap((a) => of(0).map((b): number => (a > b ? 1 : a === b ? 0.5 : 0)));
    const share = wins.reduce((sum, one) => sum + one, 0) / wins.length;
    expect(report.scores?.everybody.auc).toMatchObject({ state: 'value', value: expect.closeTo(share, 12) });
    const weight = (chosen: (one: Scored) => boolean) =>
      people.filter(chosen).reduce((sum, one) => sum + one.weight, 0);
    expect(report.slices[0]?.rates.selectionRate).toMatchObject({
      value: expect.closeTo(weight(({ d }) => d === 1) / weight(() => true), 12),
    });
  });

  test('count every row in the bin where numpy.histogram has it, whatever its last bit', () => {
    const scores = Float64Array.of(0, 0.0009999999, 0.001, 0.29, 0.2899999999, 0.9999, 1, Number.NaN, 0.57);
    const label = new Uint8Array(scores.length);
    const { joint } = must(
      tabulateScores({ label, decision: label, attributes: [] }, scores, { ...binned, attributes: [] }),
    );
    expect(joint.attributes[0]?.levels).toEqual(['0', '1', '289', '290', '570', '999', 'not stated']);
  });

  test('count scores in bins from 65,536 combinations on, as in a file, unless the plan has a range', () => {
    const scores = Float64Array.from({ length: 70_000 }, (_, i) => i / 70_000);
    const label = new Uint8Array(scores.length);
    const rows = { label, decision: label, attributes: [] };
    const plan = { ...valued, attributes: [], intersections: [] };
    expect(must(tabulateScores(rows, scores, plan)).range).toEqual([0, 1]);
    const few = { label: label.subarray(0, 9), decision: label.subarray(0, 9), attributes: [] };
    expect(must(tabulateScores(few, scores.subarray(0, 9), plan)).range).toBeNull();
  });

  test('are refused where cities count them in different bins, or outside the range', () => {
    const people = population(60, 5);
    const [one, other] = [
      handedOut(people.slice(0, 30), valued, 'Ghent'),
      handedOut(people.slice(30), valued, 'Bruges'),
    ];
    const coarse = tableOf(people.slice(30), binned);
    const { type: _, planDigest: __, columns: ___, counts: ____, ...input } = must(other);
    const joint = must(countJoint(rowsOf(people.slice(30), valued)));
    const mixed = auditCounts({ ...input, joint, scores: coarse });
    expect(mergeCounts([sent(must(one)), sent(must(mixed))])).toMatchObject({
      problem: { kind: 'merge.other-scores' },
    });
    const outside = people.map((own, i) => (i === 4 ? { ...own, score: 1.5 } : own));
    expect(handedOut(outside, binned, 'Ghent')).toMatchObject({ problem: { kind: 'scores.outside-grid' } });
  });
});

describe('a document with scores from elsewhere', () => {
  const plan: AuditPlan = { ...binned, weight: undefined as never };
  const people = population(400, 9);
  const { weight: _, ...unweighted } = plan;
  const document = must(handedOut(people, unweighted, 'Ghent'));
  const changed = (change: (copy: { counts: { scores: Record<string, never> }; definitions: object }) => void) => {
    const copy = JSON.parse(canonicalJson(document));
    change(copy);
    const read = readAuditCounts(copy);
    return read.ok ? 'none' : read.problem.kind;
  };

  test('is refused when its scores are of other rows, not in order, or not those that the plan asks for', () => {
    const cells = (copy: { counts: { scores: unknown } }) =>
      copy.counts.scores as { cells: number[][]; codes: number[][] };
    expect(changed(() => {})).toBe('none');
    expect(changed((copy) => cells(copy).cells[0]?.splice(0, 4, 1, 1, 1, 1))).toBe('audit-counts.rows-differ');
    expect(changed((copy) => cells(copy).codes.reverse())).toBe('audit-counts.not-canonical');
    expect(changed((copy) => cells(copy).codes[0]?.push(9))).toBe('audit-counts.not-canonical');
    expect(changed((copy) => delete (copy.counts as { scores?: object }).scores)).toBe('audit-counts.mixed-scores');
    expect(changed((copy) => delete (copy.definitions as { score?: object }).score)).toBe('audit-counts.mixed-scores');
  });
});

describe('scores of a city that withholds small numbers', () => {
  const { weight: _, intersections: __, controls: ___, ...plain } = binned;
  const minimumCell = 10;
  const tables = (document: AuditCounts) => document.counts as WithheldTables;

  test('are in bins none of which has fewer rows of a group and label than the minimum, decided one way or the other', () => {
    for (const seed of [1, 2, 3]) {
      const people = population(1500, seed);
      const { scores } = tables(must(handedOut(people, plain, 'Ghent', minimumCell)));
      const { bins = [], tables: handed = [] } = scores ?? {};
      expect(bins.length).toBeGreaterThan(3);
      const binOf = (score: number) => bins.filter((bin) => score >= bin / 1000).length - 1;
      for (const { attributes, groups } of handed)
        for (const { codes, negative, positive } of groups)
          for (const [y, bars] of [negative, positive].entries())
            for (const [at, bar] of bars.entries()) {
              const level = attributes.map((name) => [name, levelOf(people, name, codes[0] ?? 0)] as const);
              const own = people.filter(
                (one) =>
                  one.y === y && binOf(one.score) === at && level.every(([name, value]) => one.values[name] === value),
              );
              expect(bar).toBe(own.length);
              const yes = own.filter(({ d }) => d === 1).length;
              // Whoever knows the threshold can tell the two apart.
              for (const rows of [yes, own.length - yes]) expect(rows === 0 || rows >= minimumCell).toBe(true);
              expect(bar).toBeGreaterThanOrEqual(minimumCell);
            }
    }
  });

  test('are left out for columns of which a number is withheld, and for those that tables cross with them', () => {
    const people = population(1500, 6).map((one, i) =>
      i < 12 ? { ...one, values: { ...one.values, race: 'rare' } } : one,
    );
    const alone = must(handedOut(people, plain, 'Ghent', minimumCell));
    expect(tables(alone).scores?.tables.map(({ attributes }) => attributes)).toEqual([[], ['sex']]);
    const crossing = must(handedOut(people, { ...plain, intersections: [['sex', 'race']] }, 'Ghent', minimumCell));
    expect(tables(crossing).scores?.tables.map(({ attributes }) => attributes)).toEqual([[]]);
    const report = must(pooledReport(must(mergeCounts([sent(crossing)])), { software }));
    expect(report.scores).toMatchObject({ withheld: ['sex', 'race', 'sex*race'], attributes: [] });
    expect(report.scores?.everybody.n).toBe(1500);
    const said = report.findings.filter(
      ({ type, text }) => type === findingTypes.suppressedCounts && /scores/.test(text),
    );
    expect(said.map(({ attribute }) => attribute)).toEqual(['sex', 'race', 'sex*race']);
  });

  test('are added in the bins that all cities tell apart, and give the same rows as the pooled file has there', () => {
    const people = population(4000, 8);
    const careful = [people.slice(0, 1500), people.slice(1500, 3000)].map((own, i) =>
      sent(must(handedOut(own, plain, `Careful ${i}`, minimumCell))),
    );
    const open = sent(must(handedOut(people.slice(3000), plain, 'Open')));
    const { scores } = must(mergeCounts([...careful, open]));
    const bins = careful.map(({ document }) => tables(document).scores?.bins ?? []);
    const common = (bins[0] ?? []).filter((bin) => bins[1]?.includes(bin));
    const sex = scores?.histograms.find(({ attribute }) => attribute === 'sex');
    const rows = (group: string, y: number) =>
      common.map((from, i) => {
        const to = common[i + 1] === undefined ? 2 : (common[i + 1] ?? 0) / 1000;
        return people.filter(
          (one) => one.values.sex === group && one.y === y && one.score >= from / 1000 && one.score < to,
        ).length;
      });
    expect(sex?.groups.map(({ group }) => group)).toEqual(['f', 'm']);
    for (const { group, negative, positive } of sex?.groups ?? [])
      expect([Array.from(negative.counts), Array.from(positive.counts)]).toEqual([rows(group, 0), rows(group, 1)]);
  });

  test('are refused without a range, with missing scores, and with weights', () => {
    const people = population(1500, 4);
    const { score: _, ...without } = plain;
    const unranged: AuditPlan = { ...without, score: { column: 'p' } };
    expect(handedOut(people, unranged, 'Ghent', minimumCell)).toMatchObject({ problem: { kind: 'withhold.no-range' } });
    const gaps = people.map((one, i) => (i === 7 ? { ...one, score: Number.NaN } : one));
    expect(handedOut(gaps, plain, 'Ghent', minimumCell)).toMatchObject({
      problem: { kind: 'withhold.missing-scores' },
    });
    expect(handedOut(people, { ...plain, weight: 'w' }, 'Ghent', minimumCell)).toMatchObject({
      problem: { kind: 'withhold.weighted' },
    });
  });

  test('are refused from elsewhere when they are not of the rows of their groups', () => {
    const document = must(handedOut(population(1500, 4), plain, 'Ghent', minimumCell));
    const changed = (change: (scores: { bins: number[]; tables: { groups: { negative: number[] }[] }[] }) => void) => {
      const copy = JSON.parse(canonicalJson(document));
      change(copy.counts.scores);
      const read = readAuditCounts(copy);
      return read.ok ? 'none' : `${read.problem.kind} ${read.problem.at}`;
    };
    const bars = (scores: { tables: { groups: { negative: number[] }[] }[] }) =>
      scores.tables[1]?.groups[0]?.negative ?? [];
    expect(changed(() => {})).toBe('none');
    expect(changed((scores) => bars(scores).splice(0, 1, 999))).toBe(
      'audit-counts.not-canonical /counts/scores/tables/1',
    );
    expect(changed((scores) => scores.bins.reverse())).toBe('audit-counts.not-canonical /counts/scores/bins');
    expect(changed((scores) => scores.tables.pop())).toBe('audit-counts.not-canonical /counts/scores/tables');
  });
});

/** Histograms as text: comparing them number by number takes seconds. */
function bytesOf(scores: CountedScores | undefined): string {
  return JSON.stringify(scores, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as never) : value));
}

function levelOf(people: readonly Scored[], name: string, code: number): string {
  const order = name === 'race' ? ['9', 'A', 'b'] : ['f', 'm'];
  expect([...new Set(people.map(({ values }) => values[name]))].sort()).toEqual(order);
  return order[code] ?? '';
}
