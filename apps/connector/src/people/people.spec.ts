import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JsonObject, must } from '@hansa/kernel';
import { createLogger, UnitOfWork } from '@hansa/platform';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readConfig } from '../config/index.js';
import { Ledger } from '../ledger/index.js';
import { buildNode, type RunningNode } from '../node.js';
import { openNodeDatabase } from '../open-node-database.js';

const admin = 'the-administrator-token-of-this-test';
const where = '/management/v1/people';

let directory: string;
let node: RunningNode;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hansa-people-'));
  const config = must(
    await readConfig({
      HANSA_CITY: 'people',
      HANSA_PUBLIC_URL: 'https://people.example',
      HANSA_DATA_DIRECTORY: join(directory, 'data'),
      HANSA_ADMIN_TOKEN: admin,
    }),
  );
  node = await buildNode(config, createLogger({ level: 'error', name: 'people' }), openNodeDatabase(config));
  await node.app.init();
  await node.app.getHttpAdapter().getInstance().ready();
}, 60_000);
afterAll(async () => {
  await node?.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Asks the node as whoever has this authorization; none: as nobody. */
async function ask(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  authorization: string | undefined = `Bearer ${admin}`,
  payload?: object,
): Promise<Answer> {
  const headers = authorization === '' ? {} : { authorization };
  const answer = await node.app.inject({ method, url: path, headers, ...(payload ? { payload } : {}) });
  return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() };
}

const admit = (name: unknown, authorization?: string): Promise<Answer> =>
  ask('POST', where, authorization, { name } as object);
const remove = (name: string, authorization?: string): Promise<Answer> =>
  ask('DELETE', `${where}/${encodeURIComponent(name)}`, authorization);
const list = async (): Promise<readonly JsonObject[]> => (await ask('GET', where)).body.items as readonly JsonObject[];
const names = async (): Promise<readonly unknown[]> => (await list()).map(({ name }) => name);

async function tokenOf(name: string): Promise<string> {
  const { status, body } = await admit(name);
  expect([name, status]).toEqual([name, 201]);
  return String(body.token);
}

/** What the node answers to somebody with this token who only looks. */
const lookWith = async (token: string): Promise<number> => (await ask('GET', where, `Bearer ${token}`)).status;

/** What the ledger says of a person, the oldest first. */
async function recorded(name: string): Promise<readonly string[]> {
  const entries = await node.app.get(Ledger).entries({ subject: name, limit: 50 });
  return entries.map(({ entry }) => entry.kind).toReversed();
}

const refusedWith = (status: number, kind: string) => ({ status, body: { type: `urn:hansa:problem:${kind}` } });

describe('a person with a token of their own', () => {
  test('is admitted, listed by name, and stands in the ledger; the token is shown once and kept nowhere', async () => {
    const [ben, ann] = [await tokenOf('Ben Maes'), await tokenOf('Ann Peters')];
    expect(ann).toMatch(/^hansa_person_[\w-]{43}$/);
    expect(ben).not.toBe(ann);
    expect(await list()).toEqual([
      { name: 'Ann Peters', admittedAt: expect.any(String) },
      { name: 'Ben Maes', admittedAt: expect.any(String) },
    ]);
    expect(await recorded('Ann Peters')).toEqual(['person.admitted']);
    const everything = await node.app.get(UnitOfWork).run(async ({ manager }) => {
      const rows = await manager.query(`SELECT name, encode(digest, 'hex') AS digest FROM person_token ORDER BY name`);
      const [{ entries }] = await manager.query('SELECT json_agg(e) AS entries FROM ledger_entry e');
      return { rows, entries: JSON.stringify(entries) };
    });
    const digest = createHash('sha256').update(ann).digest('hex');
    expect(everything.rows[0]).toEqual({ name: 'Ann Peters', digest });
    for (const secret of [ann, digest]) expect(everything.entries).not.toContain(secret);
  });

  test('may look at everything, but gives access to nobody and takes it from nobody', async () => {
    const bearer = `Bearer ${await tokenOf('Cas')}`;
    expect((await ask('GET', where, bearer)).status).toBe(200);
    const before = await names();
    expect(await admit('Dirk', bearer)).toMatchObject(refusedWith(403, 'access.forbidden'));
    expect(await remove('Ann Peters', bearer)).toMatchObject(refusedWith(403, 'access.forbidden'));
    expect(await remove('Cas', bearer)).toMatchObject(refusedWith(403, 'access.forbidden'));
    // Whether there is such a person is told no sooner.
    expect(await remove('Nobody', bearer)).toMatchObject(refusedWith(403, 'access.forbidden'));
    expect([await names(), await recorded('Dirk')]).toEqual([before, []]);
  });

  test('has no access from the moment of the removal, and does not get it back with the name', async () => {
    const first = await tokenOf('Eva');
    expect(await lookWith(first)).toBe(200);
    expect((await remove('Eva')).status).toBe(204);
    expect(await lookWith(first)).toBe(401);
    expect(await names()).not.toContain('Eva');
    const second = await tokenOf('Eva');
    expect([await lookWith(first), await lookWith(second)]).toEqual([401, 200]);
    expect(await recorded('Eva')).toEqual(['person.admitted', 'person.removed', 'person.admitted']);
  });

  test('is removed once', async () => {
    await tokenOf('Finn');
    const answers = await Promise.all(Array.from({ length: 5 }, () => remove('Finn')));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404]);
    expect(await remove('Finn')).toMatchObject(refusedWith(404, 'person.not-found'));
    expect(await recorded('Finn')).toEqual(['person.admitted', 'person.removed']);
  });

  test('is admitted once under a name, also when it is asked for often at one time', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => admit('Gil')));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(await admit('Gil')).toMatchObject(refusedWith(409, 'person.conflict'));
    const token = answers.find(({ status }) => status === 201)?.body.token;
    expect(await lookWith(String(token))).toBe(200);
    expect(await recorded('Gil')).toEqual(['person.admitted']);
  });
});

describe('the name of a person', () => {
  test.each([
    'Zoë',
    'Østergård',
    '李雷',
    'अनिता',
    "d'Hondt",
    'O’Neil',
    'j.smith@city-of-bruges_7',
    '7of9',
    'a',
    'x'.repeat(100),
    '𠮷'.repeat(100),
  ])('may be %s', async (name) => {
    const token = await tokenOf(name);
    expect(await names()).toContain(name);
    expect((await remove(name)).status).toBe(204);
    expect(await lookWith(token)).toBe(401);
    expect(await recorded(name)).toEqual(['person.admitted', 'person.removed']);
  });

  test.each([
    ['nothing', ''],
    ['no text', 5],
    ['missing', undefined],
    ['a blank', ' '],
    ['with a blank before it', ' Ann'],
    ['with a blank after it', 'Ann '],
    ['with two blanks in it', 'Ann  Peters'],
    ['with a blank that is none of ours', 'Ann\u00A0Peters'],
    ['with a line break', 'Ann\nPeters'],
    ['with a NUL', 'Ann\u0000'],
    ['with half a character', 'Ann\ud800'],
    ['with what is not seen', 'Ann\u200b'],
    ['with another direction of writing', 'Ann\u202e'],
    ['with a mark-up', '<b>Ann</b>'],
    ['with a path', 'Ann/../Ben'],
    ['with an accent apart from its letter', 'Zoe\u0308'],
    ['too long', 'x'.repeat(101)],
    ['that of the administrator token', 'administrator'],
    ['much like that of the administrator token', 'Administrator'],
    ['much like that of the administrator token, in wide letters', 'ａdministrator'],
  ])('is not %s', async (_, name) => {
    const before = await names();
    expect(await admit(name)).toMatchObject({
      status: 400,
      body: { type: expect.stringMatching(/:(request\.invalid|json\.forbidden-character)$/) },
    });
    expect(await names()).toEqual(before);
  });

  test('comes alone', async () => {
    const body = { name: 'Hugo', isAdministrator: true };
    expect(await ask('POST', where, undefined, body)).toMatchObject(refusedWith(400, 'request.invalid'));
  });

  test.each(['Ann%00', 'administrator', '%2e%2e', encodeURIComponent("' OR true --"), '*'])(
    'that nobody has removes nobody: %s',
    async (encoded) => {
      const before = await names();
      const { status } = await ask('DELETE', `${where}/${encoded}`);
      expect([400, 404]).toContain(status);
      expect(await names()).toEqual(before);
    },
  );
});

describe('what is no token', () => {
  test('opens nothing, and is answered in one way', async () => {
    const token = await tokenOf('Iris');
    const digest = createHash('sha256').update(token).digest();
    const wrong: Readonly<Record<string, string>> = {
      nothing: '',
      'a word': 'x',
      'the scheme alone': 'Bearer',
      'no token': 'Bearer ',
      'another scheme': `Basic ${token}`,
      'no scheme': token,
      'a token that was made up': `Bearer hansa_person_${'A'.repeat(43)}`,
      'the beginning of all tokens': 'Bearer hansa_person_',
      'a token without its beginning': `Bearer ${token.slice('hansa_person_'.length)}`,
      'a token in part': `Bearer ${token.slice(0, -1)}`,
      'a token and more': `Bearer ${token}A`,
      'a token in other letters': `Bearer ${token.toUpperCase()}`,
      'the digest of a token': `Bearer hansa_person_${digest.toString('base64url')}`,
      'the administrator token and more': `Bearer ${admin}x`,
      'a long one': `Bearer hansa_person_${'x'.repeat(8_000)}`,
      'a pattern': 'Bearer hansa_person_%',
    };
    const bodies = new Set<string>();
    for (const [what, authorization] of Object.entries(wrong))
      for (const answer of [
        await ask('GET', where, authorization),
        await admit('Jan', authorization),
        await remove('Iris', authorization),
      ]) {
        expect([what, answer]).toMatchObject([what, refusedWith(401, 'access.unauthorized')]);
        const { instance: _, ...body } = answer.body;
        bodies.add(JSON.stringify(body));
      }
    expect(bodies.size).toBe(1);
    expect(await names()).toEqual(expect.arrayContaining(['Iris']));
    expect(await names()).not.toContain('Jan');
    expect([await lookWith(token), (await ask('GET', where, `bearer ${token}`)).status]).toEqual([200, 200]);
  });
});
