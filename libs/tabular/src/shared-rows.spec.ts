import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '@hansa/kernel';
import { afterAll, describe, expect, test } from '@jest/globals';
import { TableEngine, type TableSource } from './index.js';

const folder = mkdtempSync(join(tmpdir(), 'hansa-shared-'));
const tables = new TableEngine();
afterAll(async () => {
  await tables.close();
  rmSync(folder, { recursive: true });
});

function put(name: string, content: string): TableSource {
  const file = join(folder, name);
  writeFileSync(file, content);
  return { file, format: name.endsWith('.json') ? 'json' : 'csv' };
}

describe('rows that two files share', () => {
  const audited = put('test.csv', 'id,age,name,score\n1,30,Ana,0.5\n2,,Bo,1\n2,,Bo,1\n3,41,Cy,2\n');

  test('are those that are equal in every column that both have, each as often as it stands in the first', async () => {
    const content = 'name,score,age,label\nBo,1.0,,yes\nCy,2.5,41,no\nAna,0.50,30,no\n';
    const found = await tables.countSharedRows(audited, put('train.csv', content));
    expect(found).toMatchObject({ ok: true, value: { shared: 3, columns: ['age', 'name', 'score'] } });
    expect(found).toMatchObject({ value: { other: { bytes: content.length, digest: digestOf(content) } } });
  });

  test('may stand in files of two formats', async () => {
    const train = put(
      'train.json',
      '[{"id": 3, "age": 41, "name": "Cy", "score": 2.0}, {"id": 9, "age": 1, "name": "D", "score": 0}]',
    );
    expect(await tables.countSharedRows(audited, train)).toMatchObject({ ok: true, value: { shared: 1 } });
  });

  test('are not looked for in files that have no column in common', async () => {
    const found = await tables.countSharedRows(audited, put('other.csv', 'x,y\n1,2\n'));
    expect(found).toMatchObject({ ok: false, problem: { kind: 'tabular.nothing-left' } });
  });
});
