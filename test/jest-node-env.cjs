// Jest runs tests in a vm context that has typed-array constructors of its own, while native add-ons
// (onnxruntime-node, DuckDB) create and check those of the outer realm. Sharing the outer ones cures it.
const { TestEnvironment } = require('jest-environment-node');

const shared = [
  'ArrayBuffer',
  'Uint8Array',
  'Int8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
];

/** What holds this process, by kind: `{ TCPSocketWrap: 2 }`. Timers are left out, the tests' own end by themselves. */
function open() {
  const counts = new Map();
  const held = /Socket|Pipe|Process|Server|MessagePort|Worker/;
  for (const kind of process.getActiveResourcesInfo())
    if (held.test(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** Milliseconds that what a test file has closed may take to be gone. */
const grace = 6000;

module.exports = class extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of shared) this.global[name] = globalThis[name];
    this.file = context.testPath;
    this.before = open();
  }

  // Something left open may keep the whole run from ending, long after the file that opened it.
  async teardown() {
    await super.teardown();
    const left = () => [...open()].filter(([kind, count]) => count > (this.before.get(kind) ?? 0));
    for (const end = Date.now() + grace; left().length > 0 && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 50));
    if (left().length > 0) process.stderr.write(`${this.file} leaves open: ${left().join(' ')}\n`);
  }
};
