// Compiles a node of a test's own composition against the built product, and starts it.
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { freePort } from './free-port.mjs';
import { startProcess } from './process.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Imports of the product lead to what `npm run build` has made of it, so that a test tests what is shipped. */
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

/** The compiled entry, in a folder that is no part of the product. */
async function compile(name, entry) {
  const folder = join(root, 'node_modules/.cache/hansa');
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `${name}-${process.pid}-${Date.now()}.mjs`);
  await build({
    entryPoints: [fileURLToPath(entry)],
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

/**
 * Starts a node on loopback, with data of its own that are gone when it stops. Its entry says `ready <did>`.
 *
 * @param {{ name: string, entry: URL, env?: Record<string, string> }} composition `env`: further settings
 */
export async function startComposedNode({ name, entry, env = {} }) {
  const compiled = await compile(name, entry);
  const port = await freePort();
  const node = await startProcess({
    name,
    command: process.execPath,
    parameters: () => [compiled],
    env: (directory) => ({
      HANSA_CITY: name,
      HANSA_PORT: String(port),
      HANSA_ALLOW_LOOPBACK: 'true',
      HANSA_LOG_LEVEL: process.env.HANSA_LOG_LEVEL ?? 'info',
      HANSA_DATA_DIRECTORY: join(directory, 'data'),
      ...env,
    }),
    ready: /^ready (\S+)$/m,
  }).finally(() => rmSync(compiled, { force: true }));
  const [, did] = node.ready;
  const url = `http://localhost:${port}`;
  return { did, root: url, base: `${url}/dsp/2025-1`, log: node.log, stop: node.stop };
}
