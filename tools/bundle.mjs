// A step of the build: the compiled node with all that it imports, in a few files in dist/connector, and the command line
// in dist/cli.
//
// A node imports three thousand modules, the command line some hundreds. Finding and opening them one by one takes longer
// than everything else that they do when they start. Nothing is shortened or renamed, so that a stack trace in a log
// stays readable.
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = join(root, 'dist');

/** Packages that find files of their own beside them, so they stay where they are. */
const unbundled = [
  '@duckdb/node-bindings',
  '@electric-sql/pglite',
  'msgpackr-extract',
  'fontkit',
  'onnxruntime-node',
  'pdfkit',
  'swagger-ui-dist',
];

/** What packages in CommonJS expect to find. */
const commonJs = `import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** Packages that say that importing them has no effect, while just that sets up their streams. */
const withEffects = ['apache-arrow'];

/** Frameworks name packages that nobody has to install: such an import stays, and fails only where it is reached. */
const resolving = {
  name: 'resolving',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === resolving) return undefined;
      const found = await bundler.resolve(path, { ...options, pluginData: resolving });
      if (found.errors.length > 0) return { path, external: true };
      return withEffects.includes(path) ? { ...found, sideEffects: true } : found;
    });
  },
};

/** Bundles modules with all that they import; pieces that are loaded later become files of their own. */
const bundle = (entryPoints, outdir, extension) =>
  build({
    entryPoints,
    outdir,
    outExtension: { '.js': extension },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    legalComments: 'none',
    external: unbundled,
    plugins: [resolving],
    logLevel: 'warning',
    logOverride: { 'ignored-bare-import': 'silent' },
    banner: { js: commonJs },
  });

/** Child processes are started from files beside the code that starts them. */
const workers = ['inference/src/child/model-worker', 'sandbox/src/child/serve', 'tabular/src/child/table-worker'];

for (const app of ['connector', 'cli']) {
  const out = join(compiled, app);
  rmSync(out, { recursive: true, force: true });
  await bundle([join(compiled, `apps/${app}/src/main.js`)], out, '.js');
  await bundle(
    Object.fromEntries(workers.map((path) => [basename(path), join(compiled, `libs/${path}.mjs`)])),
    join(out, 'child'),
    '.mjs',
  );
}
