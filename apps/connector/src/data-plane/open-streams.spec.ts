import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@hansa/platform';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Grant } from './access.js';
import { OpenStreams } from './open-streams.js';

const grant = (id: string) => ({ transfer: { id } }) as Grant;
const silent = { warn: () => {} } as unknown as Logger;
const endless = () => new Readable({ read() {} });

describe('the downloads under way', () => {
  const open: Readable[] = [];
  const stream = () => {
    const made = endless();
    open.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of open.splice(0)) made.destroy();
  });
  const broken = async (made: Readable) => String((await once(made, 'error'))[0]);

  test('break off when a look says that they are not granted any more, and no other', async () => {
    const [kept, ended] = [grant('kept'), grant('ended')];
    const streams = new OpenStreams({ stillGranted: async () => new Set([kept]) }, silent);
    const [flowing, stopped] = [streams.follow(kept, stream()), streams.follow(ended, stream())];
    expect(await broken(stopped)).toBe('Error: the use has ended');
    await sleep(400);
    expect(flowing.destroyed).toBe(false);
  });

  test('go on over a look that fails, and break off when none has succeeded for long', async () => {
    const looks: number[] = [];
    const began = performance.now();
    const blind = async () => {
      looks.push(performance.now() - began);
      throw new Error('the database is away');
    };
    const streams = new OpenStreams({ stillGranted: blind }, silent, 500);
    expect(await broken(streams.follow(grant('a'), stream()))).toMatch(/cannot be told/);
    expect([looks.length >= 2, (looks.at(-1) ?? 0) >= 500]).toEqual([true, true]);
  });

  test('are looked at again after a pause in which there was none', async () => {
    let looks = 0;
    const streams = new OpenStreams({ stillGranted: async (grants) => new Set(looks++ < 1 ? grants : []) }, silent);
    const first = streams.follow(grant('a'), stream());
    await sleep(250);
    first.destroy();
    await sleep(400);
    expect([first.errored, looks]).toEqual([null, 1]);
    expect(await broken(streams.follow(grant('b'), stream()))).toBe('Error: the use has ended');
  });
});
