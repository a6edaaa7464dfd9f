import type { CredentialFact, Situation } from '../facts.js';
import type { Comparand, Operand } from '../operand.js';
import type { Operator } from '../policy.js';
import { hansaNamespace } from '../terms.js';
import { listOf, textsOf } from '../words.js';

/** `hansa:X` and its IRI are one type; a bare name stays bare, as credentials carry it. */
function typeName(type: string): string {
  return type.startsWith('hansa:') ? hansaNamespace + type.slice(6) : type;
}

/** A date that is not one makes the credential invalid: the comparisons are false for NaN. */
function isValidAt({ validFrom, validUntil }: CredentialFact, now: number): boolean {
  return (
    (validFrom === undefined || validFrom.getTime() <= now) && (validUntil === undefined || now <= validUntil.getTime())
  );
}

function isMet(operator: Operator, wanted: readonly string[], held: ReadonlySet<string>): boolean {
  if (operator === 'isAllOf') return wanted.every((type) => held.has(type));
  const some = wanted.some((type) => held.has(type));
  return operator === 'isNoneOf' ? !some : some;
}

/**
 * `hansa:credential`: the types of the valid credentials that the assignee presented. A holder can keep a credential
 * back, so `isNoneOf` restrains only those who do not.
 */
export const credentialOperand: Operand = {
  iri: `${hansaNamespace}credential`,
  operators: ['eq', 'isAnyOf', 'isAllOf', 'isNoneOf'],
  complaint: ({ type }) => (type === undefined ? undefined : 'not the plain name or IRI of a credential type'),
  phrase: (operator, values) => {
    const types = listOf(textsOf(values), operator === 'isAllOf' ? 'and' : 'or');
    return operator === 'isNoneOf'
      ? `no valid credential of type ${types} is presented`
      : `a valid credential of type ${types} is presented`;
  },
  examine: (operator, values, { facts, now }: Situation) => {
    const held = new Set<string>();
    for (const credential of facts.credentials)
      if (isValidAt(credential, now.getTime())) held.add(typeName(credential.type));
    const wanted = values.map(({ value }) => typeName(value));
    return {
      state: isMet(operator, wanted, held) ? 'satisfied' : 'unsatisfied',
      actual: held.size === 0 ? 'no valid credential was presented' : `presented: ${listOf([...held], 'and')}`,
      code: operator === 'isNoneOf' ? 'credential.excluded' : 'credential.missing',
    };
  },
  implies: (given, wanted) => {
    const typesOf = ({ values }: Comparand) => new Set(values.map(({ value }) => typeName(value)));
    const [narrow, wide] = [typesOf(given), typesOf(wanted)];
    if (wanted.operator === 'isNoneOf') return given.operator === 'isNoneOf' && includesAll(narrow, wide);
    if (given.operator === 'isNoneOf') return false;
    if (wanted.operator === 'isAllOf')
      return (given.operator === 'isAllOf' || narrow.size === 1) && includesAll(narrow, wide);
    return given.operator === 'isAllOf' ? [...narrow].some((type) => wide.has(type)) : includesAll(wide, narrow);
  },
};

function includesAll(all: ReadonlySet<string>, some: ReadonlySet<string>): boolean {
  return [...some].every((type) => all.has(type));
}
