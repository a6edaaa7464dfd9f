import { readFileSync } from 'node:fs';
import { auditReport, cellCounts, plan, states } from '@hansa/report/testing';
import { describe, expect, test } from '@jest/globals';
import { playedNode } from '../testing/index.js';

const { folder, node, routes, server } = playedNode();
const entry = readFileSync('docs/reference/algorithm-register/entry.example.yaml', 'utf8');
const draft = {
  id: 'urn:s',
  state: 'draft',
  version: null,
  hasDraft: true,
  draft: { entry: { name: 'A', status: 'pilot', nl: { naam: 'B' } }, changedBy: 'Ann', changedAt: 't' },
  published: null,
  filled: { monitoring: 'Audited once.' },
  missing: 'goal is missing and must be a text: why; risks is missing and must be a text: which.',
};
const sent = (i: number) => JSON.parse(server.asked[i]?.body ?? '');

describe('hansa register', () => {
  test('begins an entry from YAML and says field by field what is missing', async () => {
    folder.file('entry.yaml', entry);
    server.respond = routes({ 'POST /register': { status: 201, body: draft } });
    const { code, out } = await node(['register', 'add', '--entry', 'entry.yaml', '--set', 'status=design']);
    expect(code).toBe(0);
    expect(sent(0)).toMatchObject({ status: 'design', lang: 'en', nl: { publicatiecategorie: 'Overige algoritmes' } });
    expect(out).toContain('Missing before it can be published\n  goal is missing and must be a text: why\n  risks is');
  });

  test('changes single fields of what is there, also in its parts, and takes fields away', async () => {
    server.respond = routes({
      'GET /register/urn%3As': { body: draft },
      'PUT /register/urn%3As': { body: { ...draft, missing: null } },
    });
    const args = ['--set', 'status=operational', '--set', 'nl.naam=C', '--set', 'name=', '--set', 'models=a,b'];
    const { code, out } = await node(['register', 'change', 'urn:s', ...args]);
    expect([code, sent(1)]).toEqual([0, { status: 'operational', nl: { naam: 'C' }, models: ['a', 'b'] }]);
    expect(out).toContain('Publish it: hansa register publish urn:s');
  });

  test.each([
    [['add'], /Give the entry as a file with --entry/],
    [['add', '--set', 'status'], /Write --set as field=value/],
    [['add', '--entry', 'no.yaml'], /no\.yaml cannot be read/],
    [['export', 'urn:s'], /--as/],
  ])('%j says what to give before it asks the node', async (args, words) => {
    const { code, err } = await node(['register', ...args]);
    expect([code, server.asked]).toEqual([2, []]);
    expect(err).toMatch(words);
  });

  test('publishes with a note, and retires with a reason after it was confirmed', async () => {
    const version = {
      entryId: 'urn:s',
      number: 2,
      content: { name: 'A' },
      note: null,
      changedBy: 'Ann',
      publishedAt: 't',
    };
    server.respond = routes({
      'POST /register/urn%3As/publish': { body: version },
      'POST /register/urn%3As/retire': { body: { ...version, number: 3 } },
    });
    expect((await node(['register', 'publish', 'urn:s', '--note', 'n'])).out).toBe('Published: version 2 of A.\n');
    expect((await node(['register', 'retire', 'urn:s', '--reason', 'r'])).code).toBe(2);
    const retired = await node(['register', 'retire', 'urn:s', '--reason', 'r', '--yes']);
    expect([retired.out, sent(0), sent(1)]).toEqual(['Retired with version 3: A.\n', { note: 'n' }, { reason: 'r' }]);
  });

  test('shows a system, the list, its history, and hands out the bytes of an export', async () => {
    const change = { label: 'Status', before: 'design', after: 'pilot' };
    const version = { number: 2, content: {}, note: 'why', changedBy: 'Ann', publishedAt: '2026-11-23T10:00:00.000Z' };
    server.respond = routes({
      'GET /register/urn%3As': { body: draft },
      'GET /register?limit=50': { body: { items: [{ ...draft, name: 'A', status: 'pilot' }] } },
      'GET /register/urn%3As/history': { body: { items: [{ ...version, changes: [change] }] } },
      'GET /register/urn%3As/exports/annex-iv': { body: '# T\n' },
    });
    expect((await node(['register', 'show', 'urn:s'])).out).toContain('Audits fill in\n  monitoring: Audited once.');
    expect((await node(['register', 'list'])).out).toMatch(/draft +A +pilot +urn:s/);
    expect((await node(['register', 'history', 'urn:s'])).out).toBe(
      'Version 2, 2026-11-23 10:00:00Z, by Ann: why\n  Status: design → pilot\n',
    );
    expect((await node(['register', 'export', 'urn:s', '--as', 'annex-iv'])).out).toBe('# T\n');
  });
});

describe('hansa audit export', () => {
  const report = auditReport(plan, cellCounts(states));

  test('makes a model card of a report alone, and the law of a report and an entry', async () => {
    folder.file('report.json', report);
    folder.file('entry.yaml', entry);
    const card = await node(['audit', 'export', 'report.json', '--as', 'model-card']);
    expect([card.code, server.asked]).toEqual([0, []]);
    expect(JSON.parse(card.out).quantitative_analysis.performance_metrics).toHaveLength(55);
    const bare = await node(['audit', 'export', 'report.json', '--as', 'article-27']);
    expect(bare.out).toContain('**Missing.**');
    const about = ['--about', 'entry.yaml'];
    const { out } = await node(['audit', 'export', 'report.json', '--as', 'article-27', ...about]);
    expect(out).toContain('Write to algorithms@berlin.example');
    expect(out.match(/\*\*Missing/g)?.length).toBeLessThan(bare.out.match(/\*\*Missing/g)?.length ?? 0);
  });

  test('says what a standard wants where the entry does not fit', async () => {
    folder.file('report.json', report);
    folder.file('entry.yaml', 'status: on\ncolour: red\n');
    const wrong = await node(['audit', 'export', 'report.json', '--as', 'nl', '--about', 'entry.yaml']);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('status must be one of "planned"')]);
    const missing = await node(['audit', 'export', 'report.json', '--as', 'nl']);
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('naam is missing')]);
    folder.file('not.json', {});
    const no = await node(['audit', 'export', 'not.json', '--as', 'model-card']);
    expect([no.code, no.err]).toEqual([2, expect.stringContaining('not.json is not an audit report')]);
  });
});
