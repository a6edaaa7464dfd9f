import { anyOf, constant, exactlyOne, listOf, objectOf, oneOfTexts, type Schema, text } from './shape.js';

/**
 * The ODRL profile of DSP 2025-1 (contract schema). Operators stand without a prefix, an action is a string, a
 * right operand is never a bare number or boolean, and rules carry no target of their own.
 */
const operator = oneOfTexts(
  'eq',
  'neq',
  'gt',
  'gteq',
  'lt',
  'lteq',
  'term-lteq',
  'isA',
  'isAllOf',
  'isAnyOf',
  'isNoneOf',
  'isPartOf',
  'hasPart',
);

const constraints = listOf({ $ref: '#/$defs/constraint' }, 'maybe-empty');
const connectives = ['and', 'andSequence', 'or', 'xone'] as const;

const logical: Schema = {
  ...objectOf(Object.fromEntries(connectives.map((name) => [name, constraints])), []),
  ...exactlyOne(...connectives),
};

const atomic = objectOf({ leftOperand: text, operator, rightOperand: { type: ['string', 'object', 'array'] } }, [
  'leftOperand',
  'operator',
  'rightOperand',
]);

const rule = objectOf({ action: text, constraint: constraints }, ['action']);
const rules = listOf({ $ref: '#/$defs/rule' }, 'at-least-one');

const policy = objectOf(
  {
    '@id': text,
    profile: { anyOf: [text, listOf(text, 'maybe-empty')] },
    permission: rules,
    prohibition: rules,
    obligation: rules,
  },
  ['@id'],
);

/** A policy of one class; it must permit or prohibit something, duties alone do not make a policy. */
function policyOf(
  type: 'Offer' | 'Agreement',
  properties: { readonly [name: string]: Schema },
  required: readonly string[],
) {
  const own = objectOf({ '@type': constant(type), ...properties }, required);
  return { allOf: [{ $ref: '#/$defs/policy' }, own, anyOf('permission', 'prohibition')] };
}

// The specification's pattern is not anchored, so neither is this one; the codec makes the strict check.
const time = '(([01]\\d|2[0-3])(:[0-5]\\d){2}(\\.\\d+)?|24:00:00(\\.0+)?)';
const xsdDateTime = `([1-9]\\d{3,}|0\\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T${time}`;

export const policyDefinitions = {
  constraint: { type: 'object', oneOf: [logical, atomic] },
  rule,
  policy,
  offer: { ...policyOf('Offer', {}, []), not: { required: ['target'] } },
  messageOffer: policyOf('Offer', { target: text }, ['@type']),
  agreement: policyOf(
    'Agreement',
    { target: text, assigner: text, assignee: text, timestamp: { type: 'string', pattern: xsdDateTime } },
    ['@type', 'target', 'assigner', 'assignee'],
  ),
} as const;
