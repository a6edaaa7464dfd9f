import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { allowed, type Role } from './table.js';
import { walk, waysOf } from './two-peers/converges.fixtures.js';
import { type AnyDriver, soundHabits } from './two-peers/driver.fixtures.js';
import { negotiations, transfers } from './two-peers/drivers.fixtures.js';
import type { Fact } from './two-peers/facts.fixtures.js';
import { TwoPeers } from './two-peers/two-peers.fixtures.js';

const record = readFileSync(join(import.meta.dirname, '../../../../docs/decisions/0023-crossing-messages.md'), 'utf8');

/** Lets two messages cross in a state, the one or the other arriving first, and says how it ends on both sides. */
function cross(driver: AnyDriver, state: string, provider: string, consumer: string, first: Role): string {
  const facts: Fact[] = [];
  const set = { opener: 'consumer', peerRefuses: false } as const;
  const world = new TwoPeers(driver, soundHabits, set, (fact) => void facts.push(fact));
  walk(world, driver, waysOf(driver.table).get(state) ?? []);
  expect([world.say('provider', provider), world.say('consumer', consumer)]).toEqual([true, true]);
  // The request of one arrives; its answer is slow, so that the other's still meets a message in flight.
  world.transmit('provider');
  world.transmit('consumer');
  world.arrive(first === 'provider' ? 0 : 1);
  world.arrive(0);
  world.heal();
  const [here, there] = [world.view('consumer'), world.view('provider')];
  expect([here?.pending, there?.pending, here?.state]).toEqual([null, null, there?.state]);
  const withdrawn = facts.find((fact) => fact.kind === 'withdrawn');
  expect(withdrawn?.by).not.toBe('provider');
  const fate = { refused: 'is refused', overtaken: 'is void' } as const;
  return `${here?.state} | ${withdrawn ? fate[withdrawn.because] : 'takes effect after it'}`;
}

describe.each([
  ['negotiation', negotiations],
  ['transfer', transfers],
])('two messages of a %s that cross', (_, driver) => {
  test('end as the written tie-break says, whichever arrives first', () => {
    const rows = Object.keys(driver.table).flatMap((state) =>
      (state === 'INITIAL' ? [] : allowed(driver.table, state, 'provider')).flatMap((provider) =>
        allowed(driver.table, state, 'consumer').map((consumer) => {
          const ends = (['provider', 'consumer'] as const).map((first) =>
            cross(driver, state, provider, consumer, first),
          );
          expect(ends[1]).toBe(ends[0]);
          return `| ${state} | ${provider} | ${consumer} | ${ends[0]} |`;
        }),
      ),
    );
    expect(record.includes(`\n${rows.join('\n')}\n`) || rows.join('\n')).toBe(true);
  });
});
