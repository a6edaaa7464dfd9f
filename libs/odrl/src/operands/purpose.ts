import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { dpvPurposeParents } from '../dpv-purposes.js';
import type { Comparand, Operand } from '../operand.js';
import type { Literal, Operator } from '../policy.js';
import { dpvNamespace, purposeIri, purposeTerm } from '../terms.js';
import type { State } from '../truth.js';
import { listOf, shown } from '../words.js';

/** The DPV term of a purpose, or undefined for one that DPV 2.2 does not have. */
export function dpvTerm(purpose: string): string | undefined {
  const iri = purposeIri(purpose);
  const term = iri.startsWith(dpvNamespace) ? iri.slice(dpvNamespace.length) : '';
  return dpvPurposeParents.has(term) ? term : undefined;
}

/**
 * The IRI of a purpose that somebody has written, in short or in full. One purpose has one spelling wherever it is kept.
 *
 * @returns `purpose.unknown` for what is no term of DPV 2.2: it could not be compared with what a policy permits.
 * @example
 * parsePurpose('dpv:AcademicResearch'); // { ok: true, value: 'https://w3id.org/dpv#AcademicResearch' }
 */
export function parsePurpose(text: string): Result<string, Problem<'purpose.unknown'>> {
  if (dpvTerm(text) !== undefined) return ok(purposeIri(text));
  return refuse(
    'purpose.unknown',
    `"${shown(text)}" is not a purpose of DPV 2.2. Give one of its terms, in short (dpv:AcademicResearch) or in full (${dpvNamespace}AcademicResearch).`,
    'purpose',
  );
}

/**
 * True when a purpose is another one or narrower than it, by the hierarchy of DPV 2.2, which has several parents per
 * term. False when DPV does not have either of them.
 *
 * @example
 * isNarrowerPurpose('dpv:AcademicResearch', 'dpv:ResearchAndDevelopment'); // true
 */
export function isNarrowerPurpose(purpose: string, wide: string): boolean {
  const [narrowTerm, wideTerm] = [dpvTerm(purpose), dpvTerm(wide)];
  return narrowTerm !== undefined && wideTerm !== undefined && reaches(narrowTerm, wideTerm);
}

function reaches(term: string, wide: string): boolean {
  return term === wide || (dpvPurposeParents.get(term) ?? []).some((parent) => reaches(parent, wide));
}

function compare(operator: Operator, declared: string, values: readonly Literal[]): State {
  if (operator === 'eq')
    return values.some(({ value }) => purposeIri(value) === purposeIri(declared)) ? 'satisfied' : 'unsatisfied';
  const narrower = values.some(({ value }) => isNarrowerPurpose(declared, value));
  return narrower === (operator !== 'isNoneOf') ? 'satisfied' : 'unsatisfied';
}

/**
 * `odrl:purpose`: the declared purpose against purposes of the Data Privacy Vocabulary 2.2. `eq` wants that very purpose;
 * `isA`, `isAnyOf` and `isNoneOf` count narrower purposes too, because a purpose of DPV is a class. A declared purpose
 * that DPV does not have is unknown, so that nobody walks around a prohibition by a word of their own.
 */
export const purposeOperand: Operand = {
  iri: purposeTerm,
  operators: ['eq', 'isA', 'isAnyOf', 'isNoneOf'],
  complaint: ({ type, value }) =>
    type === undefined && dpvTerm(value) !== undefined
      ? undefined
      : 'not a purpose of DPV 2.2, such as dpv:AcademicResearch',
  phrase: (operator, values) => {
    const names = listOf(
      values.map(({ value }) => `dpv:${dpvTerm(value) ?? value}`),
      'or',
    );
    if (operator === 'eq') return `the declared purpose is ${names}`;
    return `the declared purpose is ${operator === 'isNoneOf' ? 'not ' : ''}${names} or narrower`;
  },
  examine: (operator, values, { facts }) => {
    const declared = facts.purpose;
    if (declared === undefined)
      return { state: 'unknown', actual: 'no purpose was declared', code: 'purpose.not-declared' };
    const term = dpvTerm(declared);
    if (term === undefined)
      return { state: 'unknown', actual: `"${shown(declared)}" is not a purpose of DPV 2.2`, code: 'purpose.unknown' };
    return { state: compare(operator, declared, values), actual: `declared dpv:${term}`, code: 'purpose.not-allowed' };
  },
  implies,
};

/** A term below two others can make two classes overlap, so that only an exact purpose shows to be outside of one. */
function implies(given: Comparand, wanted: Comparand): boolean {
  const isUnder = ({ value }: Literal, wide: readonly Literal[]) =>
    wide.some((purpose) => isNarrowerPurpose(value, purpose.value));
  if (wanted.operator === 'isNoneOf') {
    if (given.operator === 'isNoneOf') return wanted.values.every((value) => isUnder(value, given.values));
    return given.operator === 'eq' && !given.values.some((value) => isUnder(value, wanted.values));
  }
  if (given.operator === 'isNoneOf') return false;
  if (wanted.operator !== 'eq') return given.values.every((value) => isUnder(value, wanted.values));
  return given.operator === 'eq' && compare('eq', given.values[0]?.value ?? '', wanted.values) === 'satisfied';
}
