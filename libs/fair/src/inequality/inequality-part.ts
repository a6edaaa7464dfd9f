import { turned } from '../comparisons/aif360.js';
import { addCounts, amountsOf, type DisclosedCounts } from '../counts.js';
import type { Figure } from '../figure.js';
import type { CellCounts, Partition } from '../partition.js';
import { type AuditPlan, comparedBy, type Polarity } from '../plan.js';
import { type DemographicDisparity, demographicDisparityOf } from './demographic-disparity.js';
import { biasAmplificationOf, type DifferentialFairness, differentialFairnessOf } from './differential-fairness.js';
import { coefficientOfVariationOf, decomposeEntropy, type EntropyDecomposition } from './entropy.js';
import type { CountedGroup } from './known-groups.js';
import { type TreatmentEquality, treatmentEqualityOf } from './treatment-equality.js';

/** How unequal decisions and mistakes are, between the groups of one attribute and within them. */
export interface AttributeInequality {
  readonly attribute: string;
  /** Generalised entropy of order 1 of the benefits. */
  readonly theil: EntropyDecomposition;
  /** Generalised entropy of order 2: half the squared coefficient of variation. */
  readonly secondOrder: EntropyDecomposition;
  readonly coefficientOfVariation: Figure;
  readonly differentialFairness: {
    readonly decisions: DifferentialFairness;
    readonly labels: DifferentialFairness;
    /** Epsilon of the decisions minus that of the labels: above 0 the decisions widen what was found. */
    readonly amplification: Figure;
  };
  /** Of all groups; the spread of those that reach the floor of rows. */
  readonly treatmentEquality: TreatmentEquality;
  /** For each control of the plan every group; absent without controls. */
  readonly demographicDisparity?: readonly {
    readonly control: string;
    readonly groups: readonly DemographicDisparity[];
  }[];
}

/** The part of a report on inequality: for information, it does not decide. */
export interface InequalityPart {
  /** The decision that counts as the benefit: the negative one where a positive decision is a burden. */
  readonly favourable: 'positive' | 'negative';
  readonly attributes: readonly AttributeInequality[];
}

/**
 * The part of a report on inequality, from the same counts as everything else; of weights in a weighted audit.
 *
 * @example
 * inequalityPart(counts, plan).attributes[0].theil.total; // { state: 'value', value: 0.256381 }
 */
export function inequalityPart(counts: CellCounts, plan: AuditPlan): InequalityPart {
  const names = comparedBy(plan);
  const whole = counts.partitions.filter(({ attribute, stratum }) => !stratum && names.includes(attribute));
  return {
    favourable: plan.outcome.polarity === 'benefit' ? 'positive' : 'negative',
    attributes: whole.map((partition) => attributeInequality(partition, counts, plan)),
  };
}

function attributeInequality(partition: Partition, counts: CellCounts, plan: AuditPlan): AttributeInequality {
  const { polarity } = plan.outcome;
  const groups = amounts(partition);
  // A benefit is a favourable decision beyond what was true, so the favourable one counts as positive.
  const favoured = groups.map(({ group, counts: own }) => ({ group, counts: favourable(own, polarity) }));
  const concentration = plan.inequality?.concentration ?? 1;
  const { controls = [] } = plan;
  const errors = treatmentEqualityOf(groups);
  const large = partition.groups.filter((group) => (group.counts.n ?? 0) >= plan.floors.group);
  return {
    attribute: partition.attribute,
    theil: decomposeEntropy(favoured, 1),
    secondOrder: decomposeEntropy(favoured, 2),
    coefficientOfVariation: coefficientOfVariationOf(addCounts(favoured.map((group) => group.counts))),
    differentialFairness: {
      decisions: differentialFairnessOf(groups, 'decision', concentration),
      labels: differentialFairnessOf(groups, 'label', concentration),
      amplification: biasAmplificationOf(groups, concentration),
    },
    treatmentEquality: { groups: errors.groups, spread: treatmentEqualityOf(amounts({ groups: large })).spread },
    ...(controls.length > 0 && {
      demographicDisparity: controls.flatMap((control) => disparities(control, partition, counts, polarity)),
    }),
  };
}

function disparities(
  control: string,
  partition: Partition,
  { partitions }: CellCounts,
  polarity: Polarity,
): NonNullable<AttributeInequality['demographicDisparity']> {
  const strata = partitions.flatMap((part) =>
    part.stratum && control in part.stratum && part.attribute === partition.attribute
      ? [{ stratum: part.stratum, groups: amounts(part) }]
      : [],
  );
  // Nobody is compared by an attribute within its own levels.
  if (strata.length === 0) return [];
  const groups = partition.groups.map(({ group }) =>
    demographicDisparityOf(strata, group, { polarity, of: 'decision' }),
  );
  return [{ control, groups }];
}

function amounts({ groups }: Pick<Partition, 'groups'>): readonly CountedGroup[] {
  return groups.map(({ group, counts }) => ({ group, counts: amountsOf(counts) }));
}

function favourable(counts: DisclosedCounts, polarity: Polarity): DisclosedCounts {
  return polarity === 'benefit' ? counts : turned(counts);
}
