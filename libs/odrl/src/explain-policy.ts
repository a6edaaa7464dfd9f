import { phraseOf } from './examine-constraint.js';
import type { Operands } from './operand.js';
import { standardOperands } from './operands/standard-operands.js';
import type { Policy, Rule } from './policy.js';
import { dutiesOf } from './shaping.js';
import { readableTerm } from './terms.js';
import { shown } from './words.js';

/**
 * A policy in plain English, one sentence a rule: permissions, prohibitions, then what is done to the data.
 *
 * @example
 * explainPolicy(policy); // ['It may be used if a valid credential of type MembershipCredential is presented.']
 */
export function explainPolicy(policy: Policy, operands: Operands = standardOperands): readonly string[] {
  const sentence = (verb: 'permitted' | 'prohibited') => (rule: Rule) => {
    const clauses = [
      ...(rule.assignee === undefined ? [] : [`the assignee is ${shown(rule.assignee)}`]),
      ...(rule.target === undefined ? [] : [`the target is ${shown(rule.target)}`]),
      ...rule.constraints.map((constraint) => phraseOf(constraint, operands)),
    ];
    const condition = clauses.length === 0 ? '' : ` if ${clauses.join(', and ')}`;
    const action = readableTerm(rule.action);
    if (action === 'use') return `It may ${verb === 'permitted' ? '' : 'not '}be used${condition}.`;
    if (action === 'aggregate')
      return verb === 'permitted'
        ? `Its rows may be counted${condition}; the counts leave, and no row does.`
        : `Its rows may not be counted${condition}.`;
    return `The action "${shown(action)}" is ${verb}${condition}.`;
  };
  const duties = dutiesOf(policy);
  return [
    ...policy.permissions.map(sentence('permitted')),
    ...policy.prohibitions.map(sentence('prohibited')),
    ...(duties.ok ? duties.value.map((duty) => duty.text) : [duties.problem.detail]),
  ];
}
