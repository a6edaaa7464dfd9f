import { existsSync, readFileSync } from 'node:fs';
import { canonicalJson, must, type Random, seededRandom } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Explanation, explainDecision, type FeatureValue, type Model, type Row } from './index.js';

const names = (m: number): readonly string[] => Array.from({ length: m }, (_, j) => `f${j}`);
const modelOf =
  (f: (row: readonly number[]) => number): Model =>
  async (rows) =>
    Float64Array.from(rows, (row) => f(row.map(Number)));

async function explain(f: (row: readonly number[]) => number, instance: Row, background: readonly Row[], more = {}) {
  const request = {
    features: names(instance.length),
    instance,
    background,
    model: modelOf(f),
    random: seededRandom(1),
  };
  return must(await explainDecision({ ...request, ...more }));
}

const phi = (explanation: Explanation): readonly number[] => explanation.contributions.map((c) => c.contribution);
const row = (m: number, random: Random): readonly number[] => Array.from({ length: m }, () => random() * 4 - 2);
const table = (n: number, m: number, random: Random) => Array.from({ length: n }, () => row(m, random));

/** The definition by orders, as an oracle: the mean over all M! orders of what a feature adds to those before it. */
function byOrders(
  f: (row: readonly number[]) => number,
  x: readonly number[],
  background: readonly (readonly number[])[],
) {
  const worth = (set: ReadonlySet<number>): number =>
    background.reduce((sum, z) => sum + f(z.map((v, j) => (set.has(j) ? (x[j] ?? 0) : v))), 0) / background.length;
  const sums = x.map(() => 0);
  let orders = 0;
  const visit = (before: ReadonlySet<number>, gains: readonly (readonly [number, number])[]): void => {
    if (before.size === x.length) {
      orders++;
      for (const [j, gain] of gains) sums[j] = (sums[j] ?? 0) + gain;
      return;
    }
    for (let j = 0; j < x.length; j++) {
      if (before.has(j)) continue;
      const after = new Set(before).add(j);
      visit(after, [...gains, [j, worth(after) - worth(before)]]);
    }
  };
  visit(new Set(), []);
  return sums.map((sum) => sum / orders);
}

/** A model made by chance: products, thresholds and sines of features. */
function randomModel(m: number, random: Random): (row: readonly number[]) => number {
  const pick = () => Math.floor(random() * m);
  const terms = Array.from({ length: 5 }, () => ({
    a: pick(),
    b: pick(),
    c: pick(),
    w: random() * 2 - 1,
    kind: random(),
  }));
  return (x) =>
    terms.reduce((sum, { a, b, c, w, kind }) => {
      const [xa = 0, xb = 0, xc = 0] = [x[a], x[b], x[c]];
      if (kind < 0.4) return sum + w * xa * xb * xc;
      return sum + (kind < 0.7 ? w * (xa > 0 && xb < 0.5 ? 1 : 0) : w * Math.sin(xa + xc));
    }, 0);
}

describe('exact contributions', () => {
  test('are those of the package shap for a formula', async () => {
    const fixture = JSON.parse(readFileSync(new URL('fixtures/shapley.json', import.meta.url), 'utf8'));
    const formula = ([a = 0, b = 0, c = 0, d = 0, e = 0]: readonly number[]) =>
      Math.sin(a) * b + c ** 2 - a * c * d + (d > 0.5 ? e : -e);
    expect(fixture.cases).toHaveLength(4);
    for (const { instance, baseValue, contributions } of fixture.cases) {
      const explanation = await explain(formula, instance, fixture.background);
      expect(explanation).toMatchObject({ method: 'exact', backgroundRows: 25 });
      expect(explanation.baseValue).toBeCloseTo(baseValue, 9);
      phi(explanation).forEach((value, j) => {
        expect(value).toBeCloseTo(contributions[j], 9);
      });
      expect(explanation.contributions[5]?.contribution).toBe(0);
    }
  });

  test('are those of the definition by orders, and add up, for random models', async () => {
    const widths = new Set<number>();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.nat(), async (m, seed) => {
        widths.add(m);
        const random = seededRandom(seed);
        const [f, x, background] = [randomModel(m, random), row(m, random), table(4, m, random)];
        // Some equal values, so that the shortcut for features in which both rows agree is walked too.
        const tied = background.map((z) => z.map((value, j) => (random() < 0.3 ? (x[j] ?? 0) : value)));
        const explanation = await explain(f, x, tied);
        expect(explanation.additivityError).toBeLessThan(1e-9);
        const expected = byOrders(f, x, tied);
        phi(explanation).forEach((value, j) => {
          expect(value).toBeCloseTo(expected[j] ?? Number.NaN, 10);
        });
      }),
      { numRuns: 40 },
    );
    expect(widths.size).toBe(6);
  });

  test('of a linear model are weight times distance from the mean', async () => {
    const random = seededRandom(3);
    const weights = [2, -1, 0.5, 3, 0, -7, 1, 1, 1, 4];
    const background = table(30, weights.length, random);
    const x = row(weights.length, random);
    const explanation = await explain((r) => r.reduce((s, v, j) => s + v * (weights[j] ?? 0), 1), x, background);
    phi(explanation).forEach((value, j) => {
      const mean = background.reduce((sum, z) => sum + (z[j] ?? 0), 0) / background.length;
      expect(value).toBeCloseTo((weights[j] ?? 0) * ((x[j] ?? 0) - mean), 10);
    });
    expect(explanation.contributions[4]?.contribution).toBe(0);
  });

  test('are exactly 0 for features that the model ignores, and equal for features that it treats alike', async () => {
    const random = seededRandom(5);
    const background = table(40, 5, random).map(([a = 0, , c = 0, d = 0, e = 0]) => [a, a, c, d, e]);
    const explanation = await explain(
      ([a = 0, b = 0, c = 0]) => Math.exp(a + b) * c,
      [0.3, 0.3, 1.7, 0.2, -4],
      background,
    );
    const [a, b, , d, e] = phi(explanation);
    expect(a).toBeCloseTo(b ?? Number.NaN, 12);
    expect([d, e]).toEqual([0, 0]);
  });

  test('take words as well as numbers', async () => {
    const model: Model = async (rows) =>
      Float64Array.from(rows, ([kind, platforms]) => (kind === 'halt' ? 0.5 : 0) + Number(platforms) / 10);
    const background: readonly Row[] = [
      ['hub', 8],
      ['halt', 2],
    ];
    const request = {
      features: ['kind', 'platforms'],
      instance: ['halt', 2],
      background,
      model,
      random: seededRandom(1),
    };
    const explanation = must(await explainDecision(request));
    expect(explanation.contributions).toEqual([
      { feature: 'kind', value: 'halt', contribution: 0.25 },
      { feature: 'platforms', value: 2, contribution: expect.closeTo(-0.3, 12) },
    ]);
    expect(JSON.parse(canonicalJson(explanation))).toEqual(explanation);
  });

  test('ask the model in few calls of bounded size, and never about equal rows twice for one background row', async () => {
    const calls: number[] = [];
    const model: Model = async (rows) => {
      calls.push(rows.length);
      return new Float64Array(rows.length);
    };
    const background = Array.from({ length: 50 }, (_, i) => [i, 1, 1, 1, 1, 1]);
    const instance: readonly FeatureValue[] = [-1, 2, 3, 1, 1, 1];
    const request = { features: names(6), instance, background, model, random: seededRandom(1), batchSize: 100 };
    const explanation = must(await explainDecision(request));
    expect(explanation.evaluations).toBe(1 + 50 * 2 ** 3);
    expect(calls.reduce((sum, n) => sum + n, 0)).toBe(explanation.evaluations);
    expect(Math.max(...calls)).toBeLessThanOrEqual(100);
    expect(calls.length).toBeLessThanOrEqual(10);
  });
});

describe('sampled contributions', () => {
  test('lie within their stated error of the exact ones, about as often as it says, and add up', async () => {
    let [within, all] = [0, 0];
    for (let seed = 0; seed < 80; seed++) {
      const random = seededRandom(seed);
      const [f, x, background] = [randomModel(8, random), row(8, random), table(20, 8, random)];
      const exact = phi(await explain(f, x, background));
      const sampled = await explain(f, x, background, { method: 'sampled', random, samples: 10 });
      expect(sampled.additivityError).toBeLessThan(1e-9);
      sampled.contributions.forEach(({ contribution, standardError = Number.NaN }, j) => {
        const error = Math.abs(contribution - (exact[j] ?? Number.NaN));
        if (standardError < 1e-9) expect(error).toBeLessThan(1e-9);
        else {
          all++;
          if (error < 1.96 * standardError) within++;
        }
      });
    }
    expect(all).toBeGreaterThan(200);
    expect(within / all).toBeGreaterThan(0.9);
    expect(within / all).toBeLessThan(0.99);
  });

  test('come closer with more samples', async () => {
    const random = seededRandom(9);
    const [f, x, background] = [randomModel(10, random), row(10, random), table(10, 10, random)];
    const errorOf = async (samples: number) => {
      const { contributions } = await explain(f, x, background, { method: 'sampled', samples });
      return Math.hypot(...contributions.map(({ standardError = 0 }) => standardError));
    };
    const [few, many] = [await errorOf(20), await errorOf(320)];
    expect(few / many).toBeGreaterThan(3);
    expect(few / many).toBeLessThan(5.3);
  });

  test('are used by themselves beyond 12 features, repeat for a seed, and are 0 for ignored features', async () => {
    const random = seededRandom(11);
    const f = (r: readonly number[]) => (r[0] ?? 0) * (r[1] ?? 0) + Math.max(...r.slice(2, 13));
    const [x, background] = [row(14, random), table(15, 14, random)];
    const [one, two] = [await explain(f, x, background), await explain(f, x, background)];
    expect(one.method).toBe('sampled');
    expect(two).toEqual(one);
    expect(one.contributions[13]).toMatchObject({ contribution: 0, standardError: 0 });
    expect(
      (
        await explain(
          f,
          x.slice(0, 12),
          background.map((z) => z.slice(0, 12)),
        )
      ).method,
    ).toBe('exact');
  });
});

describe('what cannot be explained', () => {
  const good = {
    features: ['a', 'b'],
    instance: [1, 2] as Row,
    background: [[3, 4]] as readonly Row[],
    model: modelOf(() => 1),
    random: seededRandom(1),
  };
  test.each([
    ['no features', { features: [] }, 'explain.no-features'],
    ['no background', { background: [] }, 'explain.no-background'],
    ['a short background row', { background: [[3, 4], [5]] }, 'explain.row'],
    ['a missing number', { instance: [1, Number.NaN] }, 'explain.row'],
    ['17 features exactly', { features: names(17), method: 'exact' as const }, 'explain.option'],
    ['one sample', { samples: 1 }, 'explain.option'],
    ['an empty batch', { batchSize: 0 }, 'explain.option'],
    ['a model without output', { model: async () => new Float64Array(0) }, 'explain.model-output'],
    ['a model that gives NaN', { model: modelOf(() => Number.NaN) }, 'explain.model-output'],
    [
      'a model that fails in the batch',
      { model: modelOf(([a]) => (a === 3 ? Number.NaN : 1)) },
      'explain.model-output',
    ],
    [
      'a model with one output too many',
      { model: async (r: readonly Row[]) => new Float64Array(r.length === 1 ? 1 : 9) },
      'explain.model-output',
    ],
  ])('%s', async (_, change, kind) => {
    expect(await explainDecision({ ...good, ...change })).toMatchObject({ ok: false, problem: { kind } });
  });

  test('a model that answers differently each time shows in the additivity error', async () => {
    let calls = 0;
    const model: Model = async (rows) => new Float64Array(rows.length).fill(calls++);
    expect(must(await explainDecision({ ...good, model })).additivityError).toBe(1);
  });
});

describe('a real municipal model: Amsterdam’s Smart Check', () => {
  const folder = '../shared/data/amsterdam-smart-check';
  const present = existsSync(folder);
  if (!present) test.skip(`skipped: the contributions of Amsterdam's model, because ${folder} is not there`, () => {});
  const run = present ? test : test.skip;

  run(
    'has the published exact contributions in logits, whose orders do not matter, with zero standard error',
    async () => {
      const { intercept, features: parts } = JSON.parse(readFileSync(`${folder}/original_model.json`, 'utf8'));
      const lines = readFileSync(`${folder}/original_model_scores.csv`, 'utf8').trimEnd().split('\n');
      const header = (lines[0] ?? '').split(',').slice(0, -1);
      const grid = lines.slice(1).map((line) => line.split(',').slice(0, -1).map(Number));
      const column = (name: string) =>
        name === 'sum_inkomen_bruto_value' ? header.indexOf('sum_inkomen_bruto') : header.indexOf(name);
      // Every feature takes few values in the grid, so each part is a table from value to score.
      const tables = parts.map((part: Part) => {
        const at = column(part.name);
        const seen = part.name === 'sum_inkomen_bruto_was_mean_imputed' ? [] : new Set(grid.map((r) => r[at] ?? 0));
        const scores = new Map([...seen].map((value) => [value, scoreOf(part, value)] as const));
        return { at, scores, otherwise: scoreOf(part, 0) };
      });
      const logit = (r: readonly number[]) => {
        let sum: number = intercept;
        for (const { at, scores, otherwise } of tables) sum += scores.get(r[at]) ?? otherwise;
        return sum;
      };
      const { values } = JSON.parse(readFileSync(`${folder}/exact_shapley_reference.json`, 'utf8'));
      const published = values.find((v: { row: number }) => v.row === 1234);
      const explanation = must(
        await explainDecision({
          features: header,
          instance: grid[1234] ?? [],
          background: grid,
          model: modelOf(logit),
          random: seededRandom(1),
          samples: 2,
        }),
      );
      expect(explanation.baseValue).toBeCloseTo(published.base_logit, 9);
      for (const { feature, contribution, standardError } of explanation.contributions) {
        expect(contribution).toBeCloseTo(published.phi_logit[feature] ?? 0, 9);
        expect(standardError).toBeCloseTo(0, 9);
      }
    },
  );
});

interface Part {
  readonly name: string;
  readonly edges?: readonly number[];
  readonly mapping?: Readonly<Record<string, number>>;
  readonly scores: readonly number[];
}

/** One additive part of the model: a step function of a number, or a table of categories; index 0 is "missing". */
function scoreOf({ edges, mapping, scores }: Part, value: number): number {
  const index = edges
    ? 1 + edges.filter((edge) => edge <= value).length
    : (mapping?.[String(value)] ?? mapping?.[value.toFixed(1)] ?? 0);
  return scores[index] ?? 0;
}
