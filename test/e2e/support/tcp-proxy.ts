import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands before a node, or before the instances of one in turn, and passes bytes on, but may lose answers. */
export class TcpProxy {
  /** Requests that came through, by their first line. */
  readonly requests: string[] = [];
  /** Answers that were lost. */
  lost = 0;
  /** Whether the answer to this request (its first line) gets lost after the node has acted on it. */
  losesAnswerTo: (request: string) => boolean = () => false;
  /** Where the node, or each of its instances, listens; to be set before the first connection. */
  targets: readonly number[] = [];
  #turn = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((client) => this.#pass(client));

  async open(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #pass(client: Socket): void {
    const node = connect(this.targets[this.#turn++ % this.targets.length] ?? 0, '127.0.0.1');
    let loses = false;
    client.on('data', (chunk) => {
      const [line = ''] = chunk.toString('latin1').split('\r\n', 1);
      if (/^[A-Z]+ \S+ HTTP\/1\.1$/.test(line)) {
        this.requests.push(line);
        loses = this.losesAnswerTo(line);
      }
      node.write(chunk);
    });
    node.on('data', (chunk) => {
      if (loses) {
        this.lost++;
        client.destroy();
        node.destroy();
      } else client.write(chunk);
    });
    for (const [socket, other] of [
      [client, node],
      [node, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('end', () => other.end());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
