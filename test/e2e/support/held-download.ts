import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, type Offer } from '../../../apps/cli/src/api.js';
import type { Access } from './consumer.js';
import { publish } from './dataspace.js';
import type { NodeProcess } from './node-process.js';
import { sleep } from './wait.js';

/** A table of 80 MB, on offer for the public benefit: more than what waits in all buffers between two processes. */
export function publishLargeTable(node: NodeProcess): Promise<{ readonly dataset: Dataset; readonly offer: Offer }> {
  const file = join(node.directory, 'large.csv');
  return writeFile(file, `text,number\n${`${'x'.repeat(190)},1\n`.repeat(400_000)}`).then(() =>
    publish(
      node,
      { title: 'Large', path: file },
      { name: 'purpose-bound', parameters: { purpose: 'dpv:PublicBenefit' } },
    ),
  );
}

/** A download of which only the first part has been read: the rest waits, most of it at the provider. */
export class HeldDownload {
  #bytes = 0;

  private constructor(
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
    readonly length: number,
  ) {}

  /** @param instance whose address is asked instead of the one that the transfer names. */
  static async begin({ endpoint, token }: Access, instance?: NodeProcess): Promise<HeldDownload> {
    const { pathname } = new URL(`${endpoint}.csv`);
    const url = instance ? `${instance.url}${pathname}` : `${endpoint}.csv`;
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    if (answer.status !== 200 || !answer.body) throw new Error(`${answer.status}: ${await answer.text()}`);
    const download = new HeldDownload(answer.body.getReader(), Number(answer.headers.get('content-length')));
    await download.#read();
    return download;
  }

  /** After a second, which is many looks, reads on; what had come, of all, before it broke off. */
  async brokenOff(): Promise<string> {
    await sleep(1000);
    try {
      while (await this.#read());
    } catch {
      return `${this.#bytes} of ${this.length} bytes`;
    }
    throw new Error(`all ${this.#bytes} of ${this.length} bytes came`);
  }

  /** Reads on to the end. */
  async whole(): Promise<boolean> {
    while (await this.#read());
    return this.#bytes === this.length;
  }

  async #read(): Promise<boolean> {
    const { done, value } = await this.reader.read();
    this.#bytes += value?.length ?? 0;
    return !done;
  }
}
