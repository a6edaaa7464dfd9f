import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';

test('the command as it is installed, bundled with its libraries, asks a node and shows the answer', async () => {
  const asked: string[] = [];
  const node = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.setHeader('content-type', 'application/json').end('{"items":[]}');
  });
  await new Promise<void>((done) => node.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(node.address() as AddressInfo).port}`;
  try {
    const options = ['dataset', 'list', '--url', url, '--token', 'a-token'];
    const command = spawn(process.execPath, [resolve('bin/hansa.js'), ...options]);
    let text = '';
    for (const stream of [command.stdout, command.stderr]) stream.on('data', (part) => (text += part));
    const code = await new Promise((done) => command.once('close', done));
    expect([code, text]).toEqual([0, expect.stringContaining('No datasets yet')]);
    expect(asked).toEqual([expect.stringMatching(/^GET \/management\/v1\/datasets\S* Bearer a-token$/)]);
  } finally {
    node.close();
  }
}, 30_000);
