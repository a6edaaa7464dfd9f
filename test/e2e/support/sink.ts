import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A push as it came to a sink, whole. */
export interface Brought {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Somebody's HTTP endpoint, to which a provider brings data; it behaves as a test says. */
export class Sink {
  /** What came whole, in its order. */
  readonly brought: Brought[] = [];
  /** Connections that ended before their body did. */
  cut = 0;
  /** Bytes that came, of all requests. */
  bytes = 0;
  /** What it does with a request; by default it reads all and answers 200. */
  behave: (request: IncomingMessage, response: ServerResponse) => void = (request, response) =>
    void this.take(request, response);

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Sink> {
    const server = createServer();
    const sink = new Sink(server);
    server.on('request', (request, response) => sink.behave(request, response));
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return sink;
  }

  get url(): string {
    return `http://localhost:${(this.server.address() as AddressInfo).port}/sink`;
  }

  /** Reads all, waiting `pause` milliseconds after each part, and answers. */
  async take(request: IncomingMessage, response: ServerResponse, status = 200, pause = 0): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) {
        this.bytes += part.length;
        parts.push(part);
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    } catch {
      this.cut++;
      return;
    }
    const { method = '', url = '', headers } = request;
    this.brought.push({ method, url, headers, body: Buffer.concat(parts) });
    response.writeHead(status).end();
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

/** `sha-256=:…:` of RFC 9530. */
export function contentDigest(body: Buffer): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}
