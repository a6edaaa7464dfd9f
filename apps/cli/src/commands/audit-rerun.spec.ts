import { reportDigest } from '@hansa/fair';
import { digestOf } from '@hansa/kernel';
import { expect, test } from '@jest/globals';
import { playedNode, smallReport } from '../testing/index.js';

const { folder, node, routes, server } = playedNode();

test('a report is run again by the node, which says what differs', async () => {
  const report = { ...smallReport(), data: { ...smallReport().data, dataset: 'urn:d', title: 'People' } };
  const digest = reportDigest(report);
  folder.file('of-node.json', report);
  folder.file('about.json', { credentialSubject: { reportDigest: digest } });
  folder.file('about-other.json', { credentialSubject: { reportDigest: digestOf('other') } });
  const head = {
    software: { stated: report.software, repeated: report.software },
    datasetId: 'urn:own',
    modelId: null,
  };
  const same = {
    ...head,
    same: true,
    reportDigest: { stated: digest, repeated: digest },
    differing: 0,
    differences: [],
  };
  const verdict = { at: '/verdict/outcome', stated: 'pass', rederived: 'fail' };
  const other = { ...same, same: false, differing: 1, differences: [verdict] };
  server.respond = routes({ 'POST /audits/rerun': { body: same }, 'GET /audits/x/report': { body: report } });
  const signed = await node(['audit', 'rerun', 'of-node.json', '--audit', 'about.json']);
  expect([signed.code, signed.out]).toEqual([
    0,
    expect.stringMatching(/identical to the byte[\s\S]*over urn:own\.\n$/),
  ]);
  expect(JSON.parse(server.asked.at(-1)?.body ?? '')).toEqual({ report });
  expect((await node(['audit', 'rerun', 'of-node.json'])).code).toBe(0);
  server.respond = routes({ 'POST /audits/rerun': { body: other }, 'GET /audits/x/report': { body: report } });
  const own = await node(['audit', 'rerun', '--audit', 'x']);
  expect([own.code, own.out]).toEqual([
    1,
    expect.stringContaining('/verdict/outcome: "pass" in the report, "fail" now'),
  ]);
  for (const [args, words] of [
    [['of-node.json', '--audit', 'about-other.json'], 'this is another report, or it was changed'],
    [['--audit', 'about.json'], 'Name the report that the credential is about'],
    [['of-node.json', '--audit', 'x'], 'the id of an audit of the node alone'],
    [['of-node.json', '--model', 'm.onnx'], 'leave out --model'],
    [[], 'Name the report'],
  ] as const) {
    const wrong = await node(['audit', 'rerun', ...args]);
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining(words)]);
  }
});
