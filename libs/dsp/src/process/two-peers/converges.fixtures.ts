import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { allowed, other, type Role, step, type Table } from '../table.js';
import { steps } from './commands.fixtures.js';
import type { Coverage } from './coverage.fixtures.js';
import type { AnyDriver, SimulatedProcess } from './driver.fixtures.js';
import { habitsOf, type Mutant, rulesOf } from './mutants.fixtures.js';
import { Reference } from './reference.fixtures.js';
import { TwoPeers } from './two-peers.fixtures.js';

/** The number of steps of a run after its beginning. */
const maxCommands = 40;

/**
 * Two peers begin a process, mostly walk it undisturbed to some state, then anything happens, and at last the link recovers:
 * both must be at rest, of one opinion, and where the reference is.
 */
export function converges(driver: AnyDriver, coverage: Coverage, mutant?: Mutant): fc.IProperty<unknown[]> {
  const rules = rulesOf(driver, mutant);
  const ways = [...waysOf(driver.table).values()];
  const beginnings = fc.record({
    opener: fc.constantFrom(...driver.openers),
    peerRefuses: fc.nat(11).map((luck) => luck === 0),
    way: fc.nat(ways.length),
  });
  const commands = fc.commands(steps(driver), { maxCommands, size: 'max' });
  return fc.property(beginnings, commands, ({ opener, peerRefuses, way }, run) => {
    const reference = new Reference(driver.table, mutant === undefined);
    const notice = (fact: Parameters<Reference['notice']>[0]): void => {
      coverage.notice(fact);
      reference.notice(fact);
    };
    const world = new TwoPeers(rules, habitsOf(mutant), { opener, peerRefuses }, notice);
    if (!peerRefuses && way > 0) walk(world, driver, ways[way - 1] ?? []);
    fc.modelRun(() => ({ model: reference, real: world }), run);
    world.heal();
    coverage.add(`end ${world.view(opener)?.state}`);
    expectOneOpinion(world.view(opener), world.view(other(opener)), peerRefuses ? 'REFUSED' : reference.state);
  });
}

function expectOneOpinion(here: SimulatedProcess | null, there: SimulatedProcess | null, state: string): void {
  if (here?.pending || there?.pending) throw new Error('something is still pending');
  const alike = state === 'REFUSED' ? there === null : isDeepStrictEqual(shared(here), shared(there));
  if (!alike || here?.state !== state)
    throw new Error(`one machine: ${state}; here ${JSON.stringify(here)}, there ${JSON.stringify(there)}`);
}

/**
 * What both sides must see alike: state, agreement, addresses, who ended it and why. Not the point of view; and not the
 * offer of a terminated negotiation, since a termination may cross the last counter-offer.
 */
function shared(view: SimulatedProcess | null): unknown {
  return { ...view, role: null, ...(view?.state === 'TERMINATED' ? { offer: null } : {}) };
}

/** Says and delivers moves one by one, each from whoever may make it, as long as they fit. */
export function walk(world: TwoPeers, { table }: AnyDriver, way: readonly string[]): void {
  const deliver = (role: Role): void => {
    world.transmit(role);
    world.arrive(0);
    world.answer(0);
  };
  for (const role of ['consumer', 'provider'] as const) if (world.outboxOf(role).length > 0) deliver(role);
  for (const move of way) {
    const state = world.view('provider')?.state ?? 'INITIAL';
    const by = (['provider', 'consumer'] as const).find((role) => step(table, state, move, role));
    if (by && world.say(by, move)) deliver(by);
  }
}

/** For each state that others can be reached from, the moves of a shortest way there, whoever opened. */
export function waysOf(table: Table<string, string>): ReadonlyMap<string, readonly string[]> {
  const ways = new Map<string, readonly string[]>([['REQUESTED', []]]);
  for (const [state, way] of ways)
    for (const role of ['consumer', 'provider'] as const)
      for (const move of allowed(table, state, role)) {
        const to = step(table, state, move, role) ?? '';
        if (!ways.has(to)) ways.set(to, [...way, move]);
      }
  return ways;
}
