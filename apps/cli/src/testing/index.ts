import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { runCli } from '../run-cli.js';
import type { Terminal } from '../terminal.js';

export { smallReport } from './small-report.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process, on a terminal that keeps what is written to it. */
export async function run(
  args: readonly string[],
  changes: Partial<Terminal> & { answer?: string } = {},
): Promise<Ran> {
  const written = { out: '', err: '' };
  const { answer = '', ...rest } = changes;
  const terminal: Terminal = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    ask: async (question) => {
      written.err += question;
      return answer;
    },
    interactive: false,
    colour: false,
    live: false,
    env: {},
    directory: tmpdir(),
    ...rest,
  };
  const code = await runCli(args, terminal);
  return { code, ...written };
}

/** A directory that `remove` takes away again. */
export function scratch(): { path: string; file(name: string, content: string | object): string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'hansa-cli-'));
  return {
    path,
    file: (name, content) => {
      writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
      return name;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string | object;
}

/** A real HTTP server on loopback that answers as `respond` says and remembers what it was asked. */
export class LoopbackServer {
  readonly asked: Asked[] = [];
  respond: (asked: Asked) => Answer = () => ({ body: {} });
  private readonly server: Server = createServer(async (request, response) => {
    const asked = await read(request);
    this.asked.push(asked);
    const { status = 200, type = 'application/json', body } = this.respond(asked);
    response.writeHead(status, { 'content-type': type, connection: 'close' });
    response.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
  });

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  let body = '';
  for await (const part of request) body += part;
  return { method: request.method ?? '', url: request.url ?? '', authorization: request.headers.authorization, body };
}

/** A node that tests play, and the command line beside it, for one test file: `routes` are its answers, in short. */
export function playedNode() {
  const server = new LoopbackServer();
  const folder = scratch();
  const node = (args: readonly string[], changes: Parameters<typeof run>[1] = {}) =>
    run([...args, '--url', server.url, '--token', 'secret'], { directory: folder.path, ...changes });
  const routes = (table: Record<string, Answer | ((asked: Asked) => Answer)>) => (asked: Asked) => {
    const found = table[`${asked.method} ${asked.url.replace('/management/v1', '')}`];
    return typeof found === 'function' ? found(asked) : (found ?? { status: 500, body: { unexpected: asked.url } });
  };
  beforeAll(() => server.listen());
  afterAll(async () => {
    await server.close();
    folder.remove();
  });
  beforeEach(() => {
    server.asked.length = 0;
  });
  return { server, folder, node, routes };
}
