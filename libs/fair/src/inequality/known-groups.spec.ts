import { describe, expect, test } from '@jest/globals';
import {
  biasAmplificationOf,
  type CountedGroup,
  coefficientOfVariationOf,
  decomposeEntropy,
  demographicDisparityOf,
  differentialFairnessOf,
  generalizedEntropyOf,
  reweighingOf,
  treatmentEqualityOf,
} from '../index.js';
import { confusion } from '../testing/confusion-groups.js';

const full = (group: string): CountedGroup => ({ group, counts: confusion([10, 5, 4, 6]) });
const withheld: CountedGroup = { group: 'few', counts: { n: 30, tn: 20, fp: null, fn: null, tp: 10 } };
const groups = [full('a'), full('b'), withheld];
const state = 'suppressed';
const reason = 'small counts of few were withheld';

describe('where small counts were withheld', () => {
  test('no figure over all groups is made up, and each says whose counts are missing', () => {
    expect(decomposeEntropy(groups, 2)).toEqual({
      total: { state, reason },
      between: { state, reason },
      within: { state, reason },
    });
    expect(differentialFairnessOf(groups, 'label')).toEqual({ state, reason });
    expect(biasAmplificationOf(groups)).toEqual({ state, reason });
    expect(reweighingOf(groups)).toEqual(
      groups.map(({ group }) => ({ group, positive: { state, reason }, negative: { state, reason } })),
    );
    expect(generalizedEntropyOf(withheld.counts, 2)).toMatchObject({ state });
    expect(coefficientOfVariationOf(withheld.counts)).toMatchObject({ state });
  });

  test('the other groups are still compared, and the missing one is named', () => {
    const { groups: own, spread } = treatmentEqualityOf(groups);
    expect(own[2]?.figure).toEqual({ state, reason: 'small counts of errors were withheld' });
    expect(spread).toMatchObject({ state: 'value', difference: 0, leftOut: ['few'] });
  });

  test('the other strata still have their disparity, and the share that is left out is told where it is known', () => {
    const strata = [
      { stratum: { district: 'north' }, groups: [full('a'), full('b')] },
      { stratum: { district: 'south' }, groups: [full('a'), withheld] },
    ];
    const question = { polarity: 'benefit', of: 'decision' } as const;
    const own = demographicDisparityOf(strata, 'a', question);
    expect(own.strata.map(({ disparity }) => disparity)).toEqual([
      { state: 'value', value: 0 },
      { state, reason },
    ]);
    expect(own.conditional).toEqual({ state: 'value', value: 0 });
    expect(own.marginal).toEqual({ state, reason });
    expect(own.leftOutShare).toEqual({ state: 'value', value: 55 / 105 });
    const nobodyKnown = { ...withheld, counts: { ...withheld.counts, n: null } };
    const hidden = demographicDisparityOf([{ stratum: { district: 'south' }, groups: [nobodyKnown] }], 'a', question);
    expect(hidden.leftOutShare).toMatchObject({ state });
  });
});
