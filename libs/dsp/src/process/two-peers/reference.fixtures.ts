import { isTerminal, other, type Role, step, type Table } from '../table.js';
import type { Fact, Verdict } from './facts.fixtures.js';

/**
 * What two peers and a link must amount to: one machine, moved by one message after the other. A message moves it at
 * the moment in which its receiver applies it. All that the peers do is held against it, fact by fact.
 */
export class Reference {
  state = 'INITIAL';
  readonly #applied = new Map<string, Role>();
  readonly #refused = new Set<string>();

  /** @param judges whether each verdict is looked up in the table too, and not only what comes of it. */
  constructor(
    private readonly table: Table<string, string>,
    private readonly judges: boolean,
  ) {}

  /** Takes notice of a fact; throws when it cannot be. */
  notice(fact: Fact): void {
    switch (fact.kind) {
      case 'turned-away':
        this.#refused.add(fact.id);
        return;
      case 'said':
        if (!this.judges) return;
        if (fact.verdict === 'illegal-transition' && step(this.table, fact.state, fact.move, fact.by))
          throw new Error(`the ${fact.by} may say ${fact.move} in ${fact.state}`);
        if (fact.verdict === 'sent' && !step(this.table, fact.state, fact.move, fact.by))
          throw new Error(`the ${fact.by} may not say ${fact.move} in ${fact.state}`);
        return;
      case 'arrived':
        if (this.judges && !verdicts(this.table, fact).includes(fact.verdict))
          throw new Error(`${fact.move} in ${fact.state} with ${fact.pending} in flight was ${fact.verdict}`);
        if (!fact.forged) this.#arrived(fact);
        return;
      case 'acknowledged':
        if (this.#applied.get(fact.id) !== fact.by)
          throw new Error(`the ${fact.by} takes ${fact.id} for accepted, which the other side has not applied`);
        return;
      case 'withdrawn':
        if (fact.because === 'refused' ? !this.#refused.has(fact.id) : !isTerminal(this.table, this.state))
          throw new Error(`the ${fact.by} gives up ${fact.id}, which was neither refused nor overtaken by an end`);
        return;
      default:
        return;
    }
  }

  #arrived({ id, by, move, verdict }: Fact & { readonly kind: 'arrived' }): void {
    if (verdict === 'busy') return;
    if (verdict === 'illegal-transition' || verdict === 'pid-mismatch') {
      if (this.#applied.has(id)) throw new Error(`${move} ${id} was applied, and then refused`);
      this.#refused.add(id);
      return;
    }
    if (this.#applied.has(id)) throw new Error(`${move} ${id} was applied twice`);
    if (this.#refused.has(id)) throw new Error(`${move} ${id} was refused, and then applied`);
    const next = step(this.table, this.state, move, by);
    if (next === undefined)
      throw new Error(`${move} of the ${by} was applied, but the process stands at ${this.state}`);
    this.#applied.set(id, by);
    this.state = next;
  }
}

/** What a receiver may make of a message, read from the table alone. */
function verdicts(
  table: Table<string, string>,
  { by, state, pending, move, verdict }: Fact & { readonly kind: 'arrived' },
): readonly Verdict[] {
  if (verdict === 'pid-mismatch') return ['pid-mismatch'];
  const [receiver, opening] = [other(by), state === 'INITIAL'];
  const legal = (opening && pending !== null ? undefined : step(table, state, move, by)) !== undefined;
  if (pending === null) return legal ? ['applied'] : ['illegal-transition'];
  const through = step(table, state, pending, receiver);
  const legalAfter = through !== undefined && step(table, through, move, by) !== undefined;
  if (receiver === 'consumer') return legal ? ['applied'] : legalAfter ? ['implied'] : ['illegal-transition'];
  if (legal) return ['busy'];
  return legalAfter ? ['implied', 'busy'] : ['illegal-transition'];
}
