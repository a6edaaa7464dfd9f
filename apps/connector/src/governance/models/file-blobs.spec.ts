import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@hansa/kernel';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FileBlobs } from './file-blobs.js';

const bytes = new TextEncoder().encode('a model');
const digest = digestOf(bytes);
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'hansa-blobs-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('blobs in files', () => {
  test('keep bytes under their digest, once, and nothing beside them', async () => {
    const directory = join(home, 'kept');
    const blobs = new FileBlobs(directory);
    await Promise.all([blobs.put(digest, bytes), blobs.put(digest, bytes)]);
    expect(await readFile(blobs.pathOf(digest), 'utf8')).toBe('a model');
    expect(await readdir(directory)).toHaveLength(1);
    await blobs.remove(digest);
    await blobs.remove(digest);
    expect(await readdir(directory)).toEqual([]);
  });

  test('say when their directory cannot be used', async () => {
    const file = join(home, 'a-file');
    await writeFile(file, '');
    const blobs = new FileBlobs(file);
    await expect(blobs.check()).rejects.toThrow();
    await expect(blobs.put(digest, bytes)).rejects.toThrow();
    await expect(new FileBlobs(join(home, 'new')).check()).resolves.toBeUndefined();
  });
});
