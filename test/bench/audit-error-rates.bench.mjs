// How often the intervals of an audit are right, and how often a fair model is found guilty. Coverage of single shares and
// differences is summed exactly over all samples; that of the largest gap of many groups, and the verdicts on fair data,
// are drawn from seeds. The baseline is what was promised: 95 % for intervals, 5 % for false alarms.
import {
  buildReport,
  clopperPearson,
  drawBinomial,
  drawMultinomial,
  gapInterval,
  newcombe,
  planDefaults,
  wilson,
} from '../../dist/libs/fair/src/index.js';
import { binomialMass } from '../../dist/libs/fair/src/statistics/binomial.js';
import { seededRandom } from '../../dist/libs/kernel/src/index.js';
import { round } from './support.mjs';

const level = 0.95;
const sizes = [20, 30, 50, 100, 200, 500, 1000, 10_000, 100_000];
const shares = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5];
const samplesOfGap = 150;
const audits = 200;

/** All numbers of successes that matter, with their chances: what is left out has less than 1e-6. */
function outcomes(n, p) {
  const reach = 5 * Math.sqrt(n * p * (1 - p)) + 12;
  const from = Math.max(0, Math.floor(n * p - reach));
  const to = Math.min(n, Math.ceil(n * p + reach));
  return Array.from({ length: to - from + 1 }, (_, i) => ({ k: from + i, n, chance: binomialMass(from + i, n, p) }));
}

const holds = ({ lower, upper }, value) => lower <= value + 1e-12 && value <= upper + 1e-12;
const sum = (values) => values.reduce((total, value) => total + value, 0);
const mean = (values) => sum(values) / values.length;

function overShares(interval) {
  return sizes.flatMap((n) =>
    shares.map((p) => sum(outcomes(n, p).map(({ k, chance }) => (holds(interval(k, n, level), p) ? chance : 0)))),
  );
}

function overDifferences() {
  const some = [20, 100, 1000];
  return some.flatMap((n1) =>
    some.flatMap((n2) =>
      [0.01, 0.05, 0.2, 0.5].flatMap((p1) =>
        [0.01, 0.05, 0.2, 0.5].map((p2) => {
          const second = outcomes(n2, p2);
          let covered = 0;
          for (const a of outcomes(n1, p1))
            for (const b of second)
              if (a.chance * b.chance > 1e-10 && holds(newcombe(a, b, level), p1 - p2)) covered += a.chance * b.chance;
          return covered;
        }),
      ),
    ),
  );
}

/** True rates of k groups, from 0 to 1 in units of the gap. */
const shapes = {
  'no group differs': () => 0,
  'one group differs': (i) => (i === 0 ? 1 : 0),
  'half of them differ': (i, k) => (i < k / 2 ? 1 : 0),
  'evenly spread': (i, k) => i / (k - 1),
  'two extremes': (i, k) => (i === 0 ? 0 : i === k - 1 ? 1 : 0.5),
};

/** Coverage of the largest gap for each shape, over sizes, rates and gaps of 2, 4 and 8 standard errors of a difference. */
function overGaps(k) {
  const random = seededRandom(k);
  return Object.entries(shapes).map(([shape, at]) => {
    const found = [];
    for (const n of [50, 1000, 20_000])
      for (const p of [0.05, 0.3])
        for (const errors of shape === 'no group differs' ? [0] : [2, 4, 8])
          for (const scale of [[1], [1, 0.3, 3]]) {
            const gap = errors * Math.sqrt((2 * p * (1 - p)) / n);
            if (p + gap > 0.95) continue;
            const groups = Array.from({ length: k }, (_, i) => ({
              n: Math.max(20, Math.round(n * scale[i % scale.length])),
              p: p + gap * at(i, k),
            }));
            const rates = groups.map((group) => group.p);
            const truth = Math.max(...rates) - Math.min(...rates);
            let hits = 0;
            for (let sample = 0; sample < samplesOfGap; sample++) {
              const drawn = groups.map((group) => ({ n: group.n, k: drawBinomial(random, group.n, group.p) }));
              if (holds(gapInterval(drawn, level), truth)) hits++;
            }
            found.push(hits / samplesOfGap);
          }
    return { shape, coverage: mean(found) };
  });
}

const stems = ['demographicParity', 'equalOpportunity', 'baseRate', 'falsePositiveRate', 'trueNegativeRate'];
const more = [
  'falseNegativeRate',
  'positivePredictiveValue',
  'negativePredictiveValue',
  'falseDiscoveryRate',
  'accuracy',
];
/** Twenty metrics that allow no gap at all, so every failure of a fair model is a false alarm. */
const metrics = [...stems, ...more].flatMap((stem) => [
  { metric: `${stem}Difference`, margin: 0, reason: 'a fair model has no gap' },
  { metric: `${stem}Ratio`, margin: 1, reason: 'a fair model has no gap' },
]);

/** How many audits of 20 metrics and 30 groups, which are all treated alike, fail. */
function falseAlarms() {
  const random = seededRandom(20);
  const plan = {
    ...planDefaults,
    outcome: { name: 'is owed', positive: 'is paid', polarity: 'benefit' },
    attributes: ['place'],
    metrics,
    rule: { kind: 'interval', unjudgedShare: 1 },
  };
  const digest = `sha-256:${'0'.repeat(64)}`;
  let alarms = 0;
  for (let audit = 0; audit < audits; audit++) {
    const cells = new Float64Array(4);
    const groups = Array.from({ length: 30 }, (_, i) => {
      drawMultinomial(random, 80 + 40 * i, [50, 12, 8, 30], cells);
      const [tn, fp, fn, tp] = cells;
      const group = `place ${i}`;
      return { group, attributes: { place: group }, counts: { n: tn + fp + fn + tp, tn, fp, fn, tp } };
    });
    const total = { n: 0, tn: 0, fp: 0, fn: 0, tp: 0 };
    for (const { counts } of groups) for (const cell of Object.keys(total)) total[cell] += counts[cell];
    const report = buildReport({
      model: { digest },
      data: { digest, rows: total.n },
      plan,
      counts: { total, partitions: [{ attribute: 'place', groups }] },
      software: { name: 'hansa', version: '0' },
    });
    if (!report.ok) throw new Error(report.problem.detail);
    if (report.value.verdict.outcome === 'fail') alarms++;
  }
  return alarms;
}

export async function run(say) {
  const results = [];
  const tell = (metric, value, baseline) =>
    results.push({
      metric,
      value: round(100 * value),
      unit: '%',
      baseline: 100 * baseline,
      ratio: round(value / baseline),
    });
  const coverage = (name, found) => {
    tell(`${name}, mean coverage`, mean(found), level);
    tell(`${name}, least coverage`, Math.min(...found), level);
  };
  say(`single shares and differences, ${sizes.length * shares.length} and 144 worlds`);
  coverage('Wilson', overShares(wilson));
  coverage('Clopper-Pearson', overShares(clopperPearson));
  coverage('Newcombe', overDifferences());
  for (const k of [2, 3, 6, 12, 30]) {
    say(`the largest gap of ${k} groups, ${samplesOfGap} samples of each world`);
    for (const { shape, coverage: share } of overGaps(k)) tell(`largest gap, ${k} groups, ${shape}`, share, level);
  }
  say(`${audits} audits of 20 metrics and 30 groups`);
  const alarms = falseAlarms();
  tell(`false alarms, ${alarms} of ${audits} fair audits`, alarms / audits, 1 - level);
  return results;
}
