import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { type CellCounts, cellCounts, countJoint, inequalityPart, planDefaults } from '../index.js';
import type { AuditPlan } from '../plan.js';
import { coded, compasColumn, compasPresent } from '../testing/compas-rows.js';

const plan: AuditPlan = {
  outcome: { name: 'recid', positive: 'high risk', polarity: 'burden' },
  attributes: ['race'],
  controls: ['age_cat'],
  metrics: [{ metric: 'equalizedOddsDifference', margin: 0.1, reason: 'Mistakes should fall on all alike.' }],
  ...planDefaults,
  inequality: { concentration: 1 },
};

if (!compasPresent) test.skip('skipped: the inequality of COMPAS, because ../shared/data is not there', () => {});
(compasPresent ? describe : describe.skip)('the part on the inequality of COMPAS', () => {
  const counted = (weights?: Float64Array) => {
    const attributes = ['race', 'age_cat'].map((name) => coded(name, compasColumn(name)));
    const label = Uint8Array.from(compasColumn('two_year_recid'), Number);
    const decision = Uint8Array.from(compasColumn('score_text'), (text) => (text === 'Low' ? 0 : 1));
    return must(cellCounts(must(countJoint({ label, decision, attributes, ...(weights && { weights }) })), plan));
  };

  const ofTwoRaces = ({ total, partitions }: CellCounts): CellCounts => ({
    total,
    partitions: partitions.map((own) => ({
      ...own,
      groups: own.groups.filter(({ group }) => ['African-American', 'Caucasian'].includes(group)),
    })),
  });

  // AIF360 on the rows of two races: favourable label 0, then 1.
  test.each([
    ['burden', 'negative', 0.256381, 0.183703],
    ['benefit', 'positive', 0.227649, 0.165435],
  ] as const)('has AIF360’s figures where a positive decision is a %s', (polarity, favourable, theil, second) => {
    const part = inequalityPart(ofTwoRaces(counted()), { ...plan, outcome: { ...plan.outcome, polarity } });
    expect(part.favourable).toBe(favourable);
    expect(part.attributes).toMatchObject([
      {
        attribute: 'race',
        theil: { total: { value: expect.closeTo(theil, 6) } },
        secondOrder: { total: { value: expect.closeTo(second, 6) } },
        coefficientOfVariation: { value: expect.closeTo(Math.sqrt(2 * second), 5) },
      },
    ]);
  });

  test('has the disparity of every group within the control, and what the whole would say', () => {
    const [{ demographicDisparity = [] }] = inequalityPart(counted(), plan).attributes as [
      ReturnType<typeof inequalityPart>['attributes'][number],
    ];
    expect(demographicDisparity.map(({ control, groups }) => [control, groups.length])).toEqual([['age_cat', 6]]);
    const black = demographicDisparity[0]?.groups.find(({ group }) => group === 'African-American');
    // 2174 of 3317 rejected are African-American, 1522 of 3897 accepted.
    expect(black?.marginal).toEqual({ state: 'value', value: expect.closeTo(2174 / 3317 - 1522 / 3897, 12) });
    expect(black?.strata).toHaveLength(3);
  });

  test('is that of the weights where rows have them', () => {
    const [plain, tripled] = [
      inequalityPart(counted(), plan),
      inequalityPart(counted(new Float64Array(7214).fill(3)), plan),
    ];
    const [one, three] = [plain.attributes[0], tripled.attributes[0]];
    expect(three?.theil.total).toEqual({ state: 'value', value: expect.closeTo(0.24502393749555168, 12) });
    // Three times the weight against the one row that is added: the smoothing tells less.
    const epsilon = (own: typeof one) => {
      const { decisions } = own?.differentialFairness ?? {};
      return decisions?.state === 'value' ? decisions.epsilon : Number.NaN;
    };
    expect(epsilon(one)).toBeCloseTo(Math.log(12.5 / 19 / (79.5 / 378)), 9);
    expect(epsilon(three)).toBeCloseTo(Math.log(36.5 / 55 / (237.5 / 1132)), 9);
  });
});
