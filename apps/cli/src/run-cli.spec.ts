import { beforeEach, describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { buildProgram } from './program.js';
import { playedNode, run } from './testing/index.js';

const { server, folder, node, routes } = playedNode();

describe('every command', () => {
  const leaves = (command: Command): readonly Command[] =>
    command.commands.length === 0 ? [command] : command.commands.filter((c) => c.name() !== 'help').flatMap(leaves);
  const silent = {
    out: () => {},
    err: () => {},
    ask: async () => '',
    interactive: false,
    colour: false,
    live: false,
    env: {},
  };
  const all = leaves(buildProgram({ ...silent, directory: '.' }, () => {}));
  const nameOf = (command: Command): string =>
    command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

  test('is there', () => {
    expect(all.map(nameOf).sort()).toEqual([
      'agreement dependants',
      'agreement list',
      'agreement renew',
      'agreement show',
      'agreement terminate',
      'audit answer',
      'audit compare',
      'audit count',
      'audit countersign',
      'audit export',
      'audit federate',
      'audit findings',
      'audit list',
      'audit merge',
      'audit pdf',
      'audit report',
      'audit rerun',
      'audit revoke',
      'audit run',
      'audit show',
      'audit verify',
      'catalog show',
      'credential list',
      'credential request',
      'dataset add',
      'dataset list',
      'dataset preview',
      'dataset remove',
      'dataset show',
      'delivery list',
      'delivery outages',
      'delivery redrive',
      'delivery withdraw',
      'demo',
      'doctor',
      'explain',
      'infer',
      'issued list',
      'issued revoke',
      'ledger checkpoint',
      'ledger list',
      'ledger prove',
      'member admit',
      'member list',
      'member remove',
      'model add',
      'model list',
      'model score',
      'model show',
      'negotiation accept',
      'negotiation agree',
      'negotiation approve',
      'negotiation list',
      'negotiation offer',
      'negotiation offer-to',
      'negotiation refuse',
      'negotiation show',
      'negotiation start',
      'negotiation terminate',
      'node show',
      'offer add',
      'offer list',
      'offer withdraw',
      'person admit',
      'person list',
      'person remove',
      'policy list',
      'policy show',
      'register add',
      'register change',
      'register export',
      'register history',
      'register list',
      'register publish',
      'register retire',
      'register show',
      'start',
      'transfer complete',
      'transfer list',
      'transfer pull',
      'transfer received',
      'transfer resume',
      'transfer save',
      'transfer show',
      'transfer start',
      'transfer suspend',
      'transfer terminate',
      'verify',
    ]);
  });

  test.each(all.map((command) => [nameOf(command)]))('%s has help with examples of itself', async (name) => {
    const { code, out, err } = await run([...name.split(' '), '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/\n\n\S[^\n]{10,}/);
    expect(out).toContain(`Examples:\n`);
    expect(out.slice(out.indexOf('Examples:'))).toContain(`hansa ${name}`);
    expect(out).toContain('--output <format>');
  });
});

describe('bad usage', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown noun', ['datasets', 'list'], "unknown command 'datasets'"],
    ['a noun without a verb', ['dataset'], 'Usage: hansa dataset'],
    ['an unknown option', ['node', 'show', '--colour'], "unknown option '--colour'"],
    ['a missing argument', ['dataset', 'show'], "missing required argument 'id'"],
    ['no DID where one is due', ['catalog', 'show', 'berlin'], 'Give a DID, for instance did:web:bruges.example.'],
    ['no number where one is due', ['ledger', 'prove', '-1x'], "unknown option '-1x'"],
    ['text where a number is due', ['dataset', 'list', '--limit', 'many'], 'Give a whole number from 0.'],
    ['an unknown output format', ['dataset', 'list', '-o', 'yaml'], 'Allowed choices are text, json.'],
    ['an address that is none', ['node', 'show', '--url', 'localhost:7001'], 'is not the address of a node'],
    ['neither template nor policy', ['offer', 'add', 'x', '--token', 't'], 'Give either --template'],
    [
      'both file and model',
      ['dataset', 'add', 'a.csv', '--model', 'm', '--token', 't'],
      'Name either a file or URL, or a hosted model',
    ],
    ['a model without a card', ['model', 'add', 'a.onnx', '--token', 't'], 'The card of the model is not complete'],
    [
      'a plan that does not exist',
      ['audit', 'run', '--model', 'm', '--dataset', 'd', '--label', 'l', '--plan', 'no.json'],
      'no.json cannot be read (there is no such file)',
    ],
    ['half a question', ['explain', '--model', 'm', '--token', 't'], 'Give --model, --dataset and --key'],
    ['nothing to verify', ['verify'], "missing required argument 'file'"],
    ['no token anywhere', ['node', 'show'], 'There is no administrator token here'],
  ])('with %s ends with exit code 2', async (_name, args, text) => {
    const { code, out, err } = await run(args, { directory: folder.path });
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(text);
  });

  test('is told to programs as JSON', async () => {
    const { code, err } = await run(['offer', 'add', 'x', '--token', 't', '-o', 'json']);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ error: { kind: 'cli.usage', at: '--template' } });
  });
});

describe('a refusal by the node', () => {
  test('is one sentence and exit code 1', async () => {
    const body = { type: 'urn:hansa:problem:dataset.not-found', status: 404, detail: 'This node has no dataset x.' };
    server.respond = routes({ 'GET /datasets/x': { status: 404, body } });
    expect(await node(['dataset', 'show', 'x'])).toEqual({
      code: 1,
      out: '',
      err: 'hansa: This node has no dataset x.\n',
    });
  });

  test('of the token says where the token came from', async () => {
    const body = { type: 'urn:hansa:problem:access.unauthorized', status: 401, detail: 'This needs the token.' };
    server.respond = routes({ 'GET /node': { status: 401, body } });
    const { code, err } = await run(['node', 'show'], { env: { HANSA_URL: server.url, HANSA_TOKEN: 'old' } });
    expect(code).toBe(1);
    expect(err).toContain('does not accept the token from HANSA_TOKEN');
    expect(err).not.toContain('old');
  });
});

describe('a list', () => {
  const items = [
    {
      id: 'urn:uuid:1',
      title: 'Stops\u001b[2J of Berlin',
      source: { kind: 'file', path: '/data/stops.csv', format: 'csv' },
      profile: { rows: 13_000, columns: [], bytes: 1, digest: 'sha-256:0' },
    },
  ];

  test('is a table that ends with where to go on, and shows nothing that a terminal obeys', async () => {
    server.respond = routes({ 'GET /datasets?limit=1': { body: { items, next: 'urn:uuid:1' } } });
    const { code, out } = await node(['dataset', 'list', '--limit', '1']);
    expect(code).toBe(0);
    expect(out).toBe(
      'TITLE                  ROWS  SOURCE           ID\nStops\ufffd[2J of Berlin  13 000  /data/stops.csv  urn:uuid:1\n\nThere is more: add --from urn:uuid:1\n',
    );
  });

  test('is what the node answered with -o json, also before the noun', async () => {
    server.respond = routes({ 'GET /datasets?limit=50': { body: { items } } });
    expect(JSON.parse((await node(['-o', 'json', 'dataset', 'list'])).out)).toEqual({ items });
    expect(JSON.parse((await node(['dataset', 'list', '-o', 'json'])).out)).toEqual({ items });
  });

  test('goes on where the page before ended', async () => {
    server.respond = routes({ 'GET /negotiations?limit=50&offset=50': { body: { items: [] } } });
    expect((await node(['negotiation', 'list', '--from', '50'])).out).toContain('No negotiations yet.');
  });
});

describe('what cannot be undone', () => {
  beforeEach(() => {
    server.respond = routes({ 'DELETE /datasets/x': { status: 204 } });
  });

  test('needs --yes where nobody can answer', async () => {
    const { code, err } = await node(['dataset', 'remove', 'x']);
    expect([code, server.asked.length]).toEqual([2, 0]);
    expect(err).toContain('add --yes to confirm');
    expect(await node(['dataset', 'remove', 'x', '--yes'])).toEqual({ code: 0, out: 'Removed x.\n', err: '' });
  });

  test('is asked about on a terminal, and not done without a yes', async () => {
    const asked = await node(['dataset', 'remove', 'x'], { interactive: true, answer: '' });
    expect([asked.code, asked.err, server.asked.length]).toEqual([
      1,
      'Remove the dataset x and its offers? [y/N] hansa: Nothing was changed.\n',
      0,
    ]);
    expect((await node(['dataset', 'remove', 'x'], { interactive: true, answer: 'y' })).out).toBe('Removed x.\n');
  });
});

describe('registering', () => {
  test('a file sends its full path and a title out of its name', async () => {
    server.respond = routes({
      'POST /datasets': ({ body }) => ({ status: 201, body: { id: 'urn:uuid:1', profile: null, ...JSON.parse(body) } }),
    });
    const { code, out } = await node(['dataset', 'add', 'stops.csv', '--keyword', 'transport', '--keyword', 'stops']);
    expect(code).toBe(0);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      title: 'stops',
      keywords: ['transport', 'stops'],
      source: { kind: 'file', path: `${folder.path}/stops.csv` },
    });
    expect(out).toContain('Registered "stops": urn:uuid:1');
  });

  test('an offer sends parameters as JSON or text', async () => {
    server.respond = routes({
      'POST /offers': { status: 201, body: { id: 'urn:uuid:2', sentences: ['Members may use it.'] } },
    });
    const { out } = await node([
      'offer',
      'add',
      'urn:uuid:1',
      '--template',
      't',
      '--set',
      'purpose=dpv:Research',
      '--set',
      'drop=["name"]',
    ]);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      datasetId: 'urn:uuid:1',
      template: { name: 't', parameters: { purpose: 'dpv:Research', drop: ['name'] } },
    });
    expect(out).toBe('Offered: urn:uuid:2\n\nIt says\n  Members may use it.\n');
  });

  test('a model merges its card with the options', async () => {
    folder.file('card.json', { name: 'step-free', version: '1', description: 'd', intendedUse: 'Screening' });
    server.respond = routes({
      'POST /models': ({ body }) => ({ status: 201, body: { id: 'urn:m', digest: 'sha-256:0', ...JSON.parse(body) } }),
    });
    await node(['model', 'add', '/m.onnx', '--card', 'card.json', '--model-version', '2', '--threshold', '0.19']);
    expect(JSON.parse(server.asked[0]?.body ?? '')).toEqual({
      path: '/m.onnx',
      card: { name: 'step-free', version: '2', description: 'd', intendedUse: 'Screening', threshold: 0.19 },
    });
  });
});
