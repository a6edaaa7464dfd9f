import { allowed, other, type Role, step, type Table } from '../table.js';
import type { AnyDriver } from './driver.fixtures.js';
import type { Fact } from './facts.fixtures.js';

const roles = ['consumer', 'provider'] as const;
type Line = readonly [what: string, count: number];

/** Counts the facts of many runs by what they are, and names what should have been met and was not. */
export class Coverage {
  readonly #counts = new Map<string, number>();

  notice(fact: Fact): void {
    for (const key of keysOf(fact)) this.add(key);
  }

  add(key: string): void {
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  /** The given keys that never happened. */
  unmet(keys: readonly string[]): readonly string[] {
    return keys.filter((key) => this.of(key) === 0);
  }

  lines(keys: readonly string[]): readonly Line[] {
    return keys.map((key) => [key, this.of(key)]);
  }
}

function keysOf(fact: Fact): readonly string[] {
  switch (fact.kind) {
    case 'said':
      if (fact.verdict === 'message-pending') return ['said too early'];
      return [cell(fact.state, fact.move, fact.by, fact.verdict === 'sent' ? 'said' : 'not said')];
    case 'arrived':
      return arrivalKeys(fact);
    case 'crossing':
      return [crossing(fact.state, fact.provider, fact.consumer)];
    case 'crash':
      return [`crash: ${fact.at}`];
    case 'repeat':
      return [`repeat answered ${fact.answer}`];
    case 'withdrawn':
      return [`withdrawn, ${fact.because}`];
    case 'link':
      return [`${fact.packet} ${fact.what}`];
    default:
      return [];
  }
}

/** A forged message counts as refused only: what it would have moved, it has not moved. */
function arrivalKeys({ state, move, by, verdict, forged, legal }: Fact & { readonly kind: 'arrived' }) {
  const refused = verdict === 'illegal-transition' || verdict === 'pid-mismatch';
  if (forged && !refused) return [];
  const beyond = !legal && (verdict === 'implied' || verdict === 'busy') ? [cell(state, move, by, 'beyond')] : [];
  return [cell(state, move, by, verdict), verdict, ...beyond];
}

const cell = (state: string, move: string, by: Role, what: string): string => `${state} ${move} ${by} ${what}`;
const crossing = (state: string, provider: string, consumer: string): string => `${state}: ${provider} × ${consumer}`;

/**
 * What a complete simulation must have met, by the table alone: what is legal was said and applied; what is not was
 * refused by its sender's rules and by its receiver's; what is legal only after the receiver's own message in flight
 * ("beyond") was met while that was in flight; and the provider has answered "later" wherever it can.
 */
export function expectedOf({ table, moves, openers }: AnyDriver): readonly string[] {
  const beyond = (state: string, move: string, by: Role): boolean =>
    allowed(table, state, other(by)).some((own) => {
      const through = step(table, state, own, other(by));
      return through !== undefined && step(table, through, move, by) !== undefined;
    });
  const cells = Object.keys(table).flatMap((state) =>
    moves.flatMap((move) =>
      roles.map((by) => ({ state, move, by, legal: step(table, state, move, by) !== undefined })),
    ),
  );
  return cells.flatMap(({ state, move, by, legal }) => {
    const keys: string[] = [];
    if (state === 'INITIAL') {
      if (legal && openers.includes(by)) keys.push('applied');
      if (openers.includes(other(by))) keys.push(beyond(state, move, by) ? 'beyond' : 'illegal-transition');
    } else if (legal) {
      keys.push('said', 'applied');
      if (by === 'consumer' && allowed(table, state, 'provider').length > 0) keys.push('busy');
    } else {
      // Only who has opened is ever REFUSED.
      if (state !== 'REFUSED' || openers.includes(by)) keys.push('not said');
      if (state !== 'REFUSED' || openers.includes(other(by))) keys.push('illegal-transition');
      if (beyond(state, move, by)) keys.push('beyond');
    }
    return keys.map((what) => cell(state, move, by, what));
  });
}

/** Every pair of messages that can be in flight at once, from the same state. */
export function crossingsOf(table: Table<string, string>): readonly string[] {
  return Object.keys(table)
    .filter((state) => state !== 'INITIAL')
    .flatMap((state) =>
      allowed(table, state, 'provider').flatMap((provider) =>
        allowed(table, state, 'consumer').map((consumer) => crossing(state, provider, consumer)),
      ),
    );
}

/** The facts that every protocol must meet, apart from its cells. */
export const circumstances = [
  ...['said too early', 'applied', 'implied', 'busy', 'illegal-transition', 'pid-mismatch'],
  ...['repeat answered ok', 'repeat answered refused', 'withdrawn, refused', 'withdrawn, overtaken'],
  ...['request dropped', 'answer dropped', 'request doubled', 'request overtook', 'answer overtook'],
  ...['decided, not sent', 'sent, not arrived', 'nothing under way'].map((at) => `crash: ${at}`),
  ...['applied there, answer not here', 'refused there, answer not here'].map((at) => `crash: ${at}`),
  ...['applied here, answer not out', 'refused here, answer not out'].map((at) => `crash: ${at}`),
];

/** A table for people: one row a state and message, one column a sender; taken, refused, implied, "later". */
export function coverageTable(coverage: Coverage, table: Table<string, string>, moves: readonly string[]): string {
  const shown = (state: string, move: string, by: Role): string => {
    const count = (what: string) => coverage.of(cell(state, move, by, what));
    const [taken, refused] = [count('applied'), count('illegal-transition')];
    const [implied, busy] = [count('implied'), count('busy')];
    const more = [implied > 0 ? `${implied} implied` : '', busy > 0 ? `${busy} later` : ''].filter((s) => s !== '');
    return [`${taken} taken`, `${refused} refused`, ...more].join(', ');
  };
  const rows = Object.keys(table).flatMap((state) =>
    moves.map(
      (move) =>
        `${state.padEnd(10)} ${move.padEnd(12)} C ${shown(state, move, 'consumer').padEnd(58)} P ${shown(state, move, 'provider')}`,
    ),
  );
  return rows.map((row) => `  ${row.trimEnd()}\n`).join('');
}
