import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** One request with any body; nothing about it is made right. */
export async function send(
  method: string,
  url: string,
  {
    body,
    headers = {},
  }: { readonly body?: string | Uint8Array<ArrayBuffer>; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  const answer = await fetch(url, { method, headers, redirect: 'manual', ...(body === undefined ? {} : { body }) });
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

/** Bytes on a socket, and what comes back until the other side closes or says nothing for a while. */
export function sendBytes(port: number, bytes: string, quiet = 1_000): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.setTimeout(quiet, () => socket.destroy());
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(received));
  });
}

/** A server that nobody may call, and one that sends everybody there. */
export class Canary {
  readonly calls: string[] = [];
  readonly redirections: string[] = [];
  /** How often somebody has been sent there. */
  redirected = 0;
  readonly #servers: Server[] = [];

  static async open(): Promise<Canary> {
    const canary = new Canary();
    const secret = await canary.#listen((url) => {
      canary.calls.push(url);
      return { status: 200, location: '' };
    });
    for (const status of [301, 302, 307, 308])
      canary.redirections.push(
        await canary.#listen(() => {
          canary.redirected++;
          return { status, location: `${secret}/secret` };
        }),
      );
    return canary;
  }

  async #listen(answer: (url: string) => { readonly status: number; readonly location: string }): Promise<string> {
    const server = createServer((request, reply) => {
      const { status, location } = answer(request.url ?? '');
      reply.writeHead(status, location === '' ? {} : { location }).end('{}');
    });
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://localhost:${(server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

/** How a server keeps a caller busy: it never answers, it answers byte by byte, or its answer has no end. */
export const tarpitKinds = ['silent', 'dripping', 'endless'] as const;

/** A server that wastes the time of whoever calls it. */
export class Tarpit {
  /** How many have called. */
  calls = 0;
  readonly #server: Server;

  private constructor(kind: (typeof tarpitKinds)[number]) {
    this.#server = createServer((_, reply) => {
      this.calls++;
      if (kind === 'silent') return;
      reply.writeHead(200, { 'content-type': 'application/json' });
      if (kind === 'dripping') {
        const more = setInterval(() => reply.write(' '), 500);
        reply.on('close', () => clearInterval(more));
        return;
      }
      const chunk = ' '.repeat(65_536);
      const more = (): void => {
        if (!reply.destroyed) reply.write(chunk, () => setTimeout(more, 1));
      };
      more();
    });
  }

  static async open(kind: (typeof tarpitKinds)[number]): Promise<Tarpit> {
    const tarpit = new Tarpit(kind);
    await new Promise<void>((resolve) => tarpit.#server.listen(0, '127.0.0.1', resolve));
    return tarpit;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
