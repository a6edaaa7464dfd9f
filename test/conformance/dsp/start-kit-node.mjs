// Compiles the kit's node against the built product and starts it, for the runner of the kit and for the tests.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const entry = fileURLToPath(new URL('kit-node.main.ts', import.meta.url));
/** Milliseconds. */
const startLimit = 60_000;
const stopLimit = 15_000;

/** Imports of the product lead to what `npm run build` has made of it, so that the kit tests what is shipped. */
const againstTheBuild = {
  name: 'against-the-build',
  setup(bundler) {
    const built = (source) => ({
      path: join(root, 'dist', relative(root, source).replace(/\.ts$/, '.js')),
      external: true,
    });
    bundler.onResolve({ filter: /^@hansa\// }, ({ path }) =>
      built(join(root, 'libs', path.slice('@hansa/'.length), 'src/index.js')),
    );
    bundler.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const target = join(resolveDir, path);
      return relative(root, target).startsWith(`apps${sep}`) ? built(target) : undefined;
    });
  },
};

/** The compiled entry of the kit's node, in a folder that is no part of the product. */
async function compile() {
  const folder = join(root, 'node_modules/.cache/hansa');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `kit-node-${process.pid}.mjs`);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [againstTheBuild],
    logLevel: 'warning',
  });
  return outfile;
}

export const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/**
 * Starts the node that the kit tests, with data of its own that are gone when it stops.
 *
 * @param {{ kitAddress: string, pause: number }} options where the kit listens, and the milliseconds that the node lets
 *   pass before it acts by its script
 */
export async function startKitNode({ kitAddress, pause }) {
  const [port, triggerPort] = [await freePort(), await freePort()];
  const authorization = `Bearer ${randomBytes(24).toString('base64url')}`;
  const { child, words, stop } = launch(await compile(), {
    HANSA_CITY: 'kit',
    HANSA_PORT: String(port),
    HANSA_ALLOW_LOOPBACK: 'true',
    HANSA_LOG_LEVEL: process.env.HANSA_LOG_LEVEL ?? 'info',
    KIT_ADDRESS: kitAddress,
    KIT_AUTHORIZATION: authorization,
    KIT_PAUSE: String(pause),
    KIT_TRIGGER_PORT: String(triggerPort),
  });
  const did = await readyAs(child, words).catch(async (error) => {
    await stop();
    throw error;
  });
  const root = `http://localhost:${port}`;
  const triggers = `http://127.0.0.1:${triggerPort}`;
  return { did, root, base: `${root}/dsp/2025-1`, triggers, authorization, log: words, stop };
}

/** The process of the node, what it has written, and its end. */
function launch(compiled, env) {
  const directory = mkdtempSync(join(tmpdir(), 'hansa-kit-node-'));
  const logFile = join(directory, 'log');
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [compiled], {
    cwd: directory,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, HANSA_DATA_DIRECTORY: join(directory, 'data'), ...env },
  });
  closeSync(log);
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const remove = () => {
    rmSync(directory, { recursive: true, force: true });
    rmSync(compiled, { force: true });
  };
  // Whoever started it may be stopped in the middle.
  const abandon = () => {
    child.kill('SIGKILL');
    remove();
  };
  process.once('exit', abandon);
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopLimit);
    const outcome = await ended;
    clearTimeout(late);
    process.off('exit', abandon);
    remove();
    return outcome;
  };
  return { child, words: () => readFileSync(logFile, 'utf8'), stop };
}

async function readyAs(child, words) {
  for (const deadline = Date.now() + startLimit; Date.now() < deadline; ) {
    const did = /^ready (\S+)$/m.exec(words())?.[1];
    if (did) return did;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The kit's node did not start:\n${words().split('\n').slice(-15).join('\n')}`);
}
