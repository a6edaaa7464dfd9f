import fc from 'fast-check';
import { allowed, type Role } from '../table.js';
import type { SimulatedProcess } from './driver.fixtures.js';
import type { Reference } from './reference.fixtures.js';
import type { TwoPeers } from './two-peers.fixtures.js';

type World = TwoPeers<SimulatedProcess, unknown>;
type Step = fc.Command<Reference, World>;

/** One step of the world under the eye of the reference: both sides are compared by every fact that it brings about. */
class Act implements Step {
  constructor(
    private readonly name: string,
    private readonly act: (world: World) => void,
  ) {}

  check(): boolean {
    return true;
  }

  run(_: Reference, world: World): void {
    this.act(world);
  }

  toString(): string {
    return this.name;
  }
}

const role = fc.constantFrom<Role>('consumer', 'provider');
const which = fc.nat(7);
const kind = fc.constantFrom<'request' | 'answer'>('request', 'answer');

/** Termination is one choice of many, otherwise hardly any run reaches the later states. */
function chosen(moves: readonly string[], choice: number): string | undefined {
  const others = moves.filter((move) => move !== 'termination');
  if (choice % 6 === 0 && moves.includes('termination')) return 'termination';
  return others[choice % Math.max(others.length, 1)];
}

/**
 * Everything that can happen, the usual more often than the rest. Saying is followed by sending at once in most cases,
 * as in a node that is not killed between the two.
 */
export function steps({ table, moves }: World['driver']): fc.Arbitrary<Step>[] {
  const move = fc.constantFrom(...moves);
  const arrive = which.map((n) => new Act(`request ${n} arrives`, (world) => world.arrive(n)));
  const answer = which.map((n) => new Act(`answer ${n} arrives`, (world) => world.answer(n)));
  const speak = (world: World, by: Role, choice: number, sends: boolean): void => {
    const legal = chosen(allowed(table, world.view(by)?.state ?? 'REFUSED', by), choice);
    if (legal !== undefined && world.say(by, legal) && sends) world.transmit(by, world.outboxOf(by).length - 1);
  };
  const operate = fc.tuple(role, fc.nat(59), fc.boolean()).map(([by, choice, sends]) => {
    const name = `the ${by} says its choice ${choice}${sends ? ' and sends it' : ''}`;
    return new Act(name, (world) => speak(world, by, choice, sends));
  });
  const cross = fc.tuple(fc.nat(59), fc.nat(59)).map(([provider, consumer]) => {
    return new Act(`both say and send: provider ${provider}, consumer ${consumer}`, (world) => {
      speak(world, 'provider', provider, true);
      speak(world, 'consumer', consumer, true);
    });
  });
  const attempt = fc.tuple(role, move).map(([by, what]) => {
    return new Act(`the ${by} tries to say ${what}`, (world) => void world.say(by, what));
  });
  const forge = fc.tuple(role, move, fc.nat(9)).map(([to, what, luck]) => {
    return new Act(`the ${to} gets a forged ${what}`, (world) => world.forge(to, what, luck === 0));
  });
  const transmit = fc.tuple(role, which).map(([by, n]) => {
    return new Act(`the ${by} sends message ${n} of its outbox`, (world) => world.transmit(by, n));
  });
  const drop = fc.tuple(kind, which).map(([what, n]) => new Act(`${what} ${n} is lost`, (w) => w.drop(what, n)));
  const double = which.map((n) => new Act(`request ${n} is doubled`, (world) => world.double(n)));
  const crash = role.map((who) => new Act(`the ${who} is killed`, (world) => world.crash(who)));
  return [
    ...[arrive, arrive, arrive, arrive, answer, answer, answer, operate, operate, operate],
    ...[cross, attempt, forge, transmit, transmit, drop, double, crash],
  ];
}
