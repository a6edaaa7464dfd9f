import { instantValue } from '../literals.js';
import { literalOperand, momentText } from '../operand.js';
import { odrlNamespace } from '../terms.js';

/**
 * `odrl:dateTime`: the moment of the decision against an xsd:dateTime with a zone, or an xsd:date. A date without a zone
 * is the day in UTC, and its whole day counts: `lteq 2027-06-30` holds until the last millisecond of that day.
 */
export const dateTimeOperand = literalOperand({
  iri: `${odrlNamespace}dateTime`,
  subject: 'the time',
  verbs: {
    eq: 'is',
    neq: 'is not',
    lt: 'is before',
    lteq: 'is not after',
    gt: 'is after',
    gteq: 'is not before',
  },
  datatype: 'dateTime',
  read: ({ now }) => ({ value: instantValue(now.getTime()), actual: `it is ${momentText(now)}` }),
  code: 'time.outside',
});
