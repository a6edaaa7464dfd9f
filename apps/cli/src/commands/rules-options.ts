import { type Command, Option } from 'commander';
import { assignments, readObject, several } from '../arguments.js';
import { badUsage } from '../failure.js';
import type { Terminal } from '../terminal.js';

/** How a node shall answer in negotiations, as options. */
export interface RulesOptions {
  readonly hold?: boolean;
  readonly otherTerms?: 'refuse' | 'hold' | 'counter';
  readonly bounds?: string;
  readonly bound?: readonly string[];
  readonly approvals?: '1' | '2';
  readonly decideWithin?: string;
}

/** Adds the options of {@link RulesOptions} to a command. */
export function withRules(command: Command, role: 'provider' | 'consumer'): Command {
  const provides = role === 'provider';
  command.option('--hold', provides ? 'a person decides on every request' : 'a person decides on every offer');
  if (provides)
    command
      .addOption(
        new Option(
          '--other-terms <answer>',
          'to a request with terms of its own: refuse it, hold it for a person, or counter once with our own',
        ).choices(['refuse', 'hold', 'counter']),
      )
      .option('--bound <name=value>', 'agree up to this parameter of the template; may be repeated', several);
  const what = provides ? 'the loosest terms to agree to' : 'the least that is needed of an offer';
  return command
    .option('--bounds <file>', `${what}, as an ODRL policy in JSON`)
    .addOption(new Option('--approvals <number>', 'how many different people must approve').choices(['1', '2']))
    .option('--decide-within <duration>', 'terminate what nobody has decided on by then, for instance P3D');
}

/** The rules that the options ask for; undefined where none was given. */
export function rulesOf(
  options: RulesOptions,
  terminal: Terminal,
  template?: { readonly name: string; readonly parameters: object },
): object | undefined {
  const { hold, otherTerms, bounds, bound, approvals, decideWithin } = options;
  if (bounds !== undefined && bound !== undefined)
    throw badUsage('Give the bounds as a file (--bounds) or by parameters (--bound), not both.', '--bound');
  if (bound !== undefined && template === undefined)
    throw badUsage('--bound changes a parameter of a --template; bounds of a policy are a file (--bounds).', '--bound');
  const parameters = bound && { ...template?.parameters, ...assignments(bound, '--bound') };
  const limits = bounds === undefined ? undefined : { policy: readObject(bounds, terminal) };
  const rules = {
    ...(hold ? { repeated: 'hold' } : {}),
    ...(otherTerms ? { otherTerms } : {}),
    ...(parameters ? { bounds: { template: { name: template?.name, parameters } } } : {}),
    ...(limits ? { bounds: limits } : {}),
    ...(approvals ? { approvals: Number(approvals) } : {}),
    ...(decideWithin ? { decideWithin } : {}),
  };
  return Object.keys(rules).length > 0 ? rules : undefined;
}
