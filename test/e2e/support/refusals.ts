import type { JsonObject } from '@hansa/kernel';
import { expect } from '@jest/globals';
import type { NodeProcess } from './node-process.js';
import { type Answer, send } from './raw.js';

/** Nested arrays, as many levels as asked for. */
export const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** Addresses that no node may call, however they are written. */
export const privateAddresses = [
  'http://10.0.0.1/dsp',
  'http://0x0a000001/dsp',
  'http://167772161/dsp',
  'http://192.168.1.1/dsp',
  'http://172.16.0.1/dsp',
  'http://100.64.0.1/dsp',
  'http://169.254.169.254/latest',
  'http://168.63.129.16/',
  'http://[::ffff:10.0.0.1]/dsp',
  'http://[fd00::1]/dsp',
  'http://[64:ff9b::a00:1]/dsp',
  'http://224.0.0.1/dsp',
];

/** Looks at every refusal of one node, and at the end at the node. */
export class Refusals {
  readonly #answers: { readonly what: string; readonly status: number }[] = [];
  readonly #pid: number;
  readonly #bytes: number;

  constructor(private readonly node: NodeProcess) {
    this.#pid = node.pid;
    this.#bytes = node.residentBytes();
  }

  /** An answer that is looked at elsewhere. */
  note(what: string, status: number): void {
    this.#answers.push({ what, status });
  }

  /** An RFC 9457 problem with everything that a person needs, and nothing that is ours alone. */
  expectProblem(what: string, { status, type, text }: Answer, expected: number, kind: RegExp): void {
    this.#answers.push({ what, status });
    expect([what, status, text]).toEqual([what, expected, expect.stringContaining('urn:hansa:problem:')]);
    expect(type).toContain('application/problem+json');
    const problem = JSON.parse(text);
    expect([what, problem.type]).toEqual([what, expect.stringMatching(kind)]);
    expect(problem).toMatchObject({
      status: expected,
      title: expect.stringMatching(/\w/),
      detail: expect.stringMatching(/\w{3}/),
    });
    expect(problem.instance).toMatch(/^urn:hansa:request:/);
    this.#expectDiscreet(text);
  }

  /** A protocol error in the words of the Dataspace Protocol. */
  expectDspError(
    what: string,
    { status, body }: { readonly status: number; readonly body: JsonObject },
    type: string,
    expected: number,
  ) {
    this.#answers.push({ what, status });
    expect([what, status, body['@type']]).toEqual([what, expected, type]);
    expect(body).toMatchObject({ code: expect.stringMatching(/^[\w.-]+$/), reason: [expect.stringMatching(/\w{3}/)] });
    expect(body['@context']).toEqual(['https://w3id.org/dspace/2025/1/context.jsonld']);
    if (type !== 'CatalogError')
      expect(body).toMatchObject({ consumerPid: expect.anything(), providerPid: expect.anything() });
    this.#expectDiscreet(JSON.stringify(body));
  }

  /** Neither a stack, nor a statement, nor a place on our disk. */
  #expectDiscreet(text: string): void {
    expect(text).not.toMatch(/\bat .+\.(js|ts|mjs):\d+|SELECT |INSERT |QueryFailed|node_modules/);
    expect(text).not.toContain(this.node.dataDirectory);
  }

  /** So many requests, and none of them was answered with 5xx. */
  expectNoServerError(least: number): void {
    expect(this.#answers.length).toBeGreaterThan(least);
    expect(this.#answers.filter(({ status }) => status >= 500)).toEqual([]);
  }

  /** The same process, healthy, and hardly larger than before. */
  async expectUnharmed(): Promise<void> {
    const { node } = this;
    expect(node.pid).toBe(this.#pid);
    expect(await send('GET', `${node.url}/health/ready`)).toMatchObject({ status: 200 });
    const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
    const grown = mebibytes(node.residentBytes() - this.#bytes);
    const memory = `memory ${mebibytes(this.#bytes)} MiB, grown by ${grown} MiB`;
    process.stderr.write(`${this.#answers.length} bad requests; ${memory}\n`);
    expect(grown).toBeLessThan(200);
    await node.stop();
  }
}
