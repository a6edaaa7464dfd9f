/** Something that a reader must know, in plain sentences. */
export interface Finding {
  /** A term of the Data Privacy Vocabulary (W3C DPV 2), or of our own namespace. */
  readonly type: string;
  readonly severity: 'high' | 'medium' | 'low';
  /** What it is about: an attribute, several crossed, or a column; absent where it is the data as a whole. */
  readonly attribute?: string;
  readonly text: string;
}

const dpv = (extension: string, term: string) => `https://w3id.org/dpv/${extension}#${term}`;
const own = (term: string) => `https://w3id.org/hansa/v1#${term}`;

/** The types of findings: terms of DPV where it has one. */
export const findingTypes = {
  unequalTreatment: dpv('ai', 'AIBias'),
  dataBias: dpv('ai', 'DataBias'),
  simpsonsParadox: dpv('risk', 'SimpsonsParadoxBias'),
  nonResponse: dpv('risk', 'NonResponseBias'),
  proxy: dpv('risk', 'IndirectDiscrimination'),
  groupNotJudged: own('GroupNotJudged'),
  smallGroupHeadline: own('SmallGroupHeadline'),
  suppressedCounts: own('SuppressedCounts'),
  invertedPolarity: own('InvertedPolarity'),
  incompatibleDemands: own('IncompatibleDemands'),
  labelDrift: own('LabelDrift'),
  duplicateRows: own('DuplicateRows'),
  constantColumn: own('ConstantColumn'),
  lookalikeValues: own('LookalikeValues'),
  missingCode: own('MissingCode'),
  missingFeature: own('MissingFeature'),
  missingOutcome: own('MissingOutcome'),
  singleGroup: own('SingleGroup'),
  trainingLeakage: own('TrainingLeakage'),
  columnNotExamined: own('ColumnNotExamined'),
  outlyingPlace: own('OutlyingPlace'),
  heterogeneousPlaces: own('HeterogeneousPlaces'),
  oneAgainstRest: own('OneAgainstRest'),
  worseThanPeople: own('WorseThanPeople'),
  dependentRows: own('DependentRows'),
  fewClusters: own('FewClusters'),
} as const;
