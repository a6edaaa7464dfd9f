// A step of the build: the compiled node with all that it imports, in a few files in dist/connector.
//
// A node imports three thousand modules. Finding and opening them one by one takes longer than everything else that it
// does when it starts. Nothing is shortened or renamed, so that a stack trace in a log stays readable.
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiled = join(root, 'dist');
const out = join(compiled, 'connector');

/** Packages that find files of their own beside them, so they stay where they are. */
const unbundled = ['@electric-sql/pglite', 'msgpackr-extract', 'fontkit', 'pdfkit', 'swagger-ui-dist'];

/** What packages in CommonJS expect to find. */
const commonJs = `import { createRequire as requireOf } from 'node:module';
const require = requireOf(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

/** Frameworks name packages that nobody has to install: such an import stays, and fails only where it is reached. */
const leaveMissing = {
  name: 'leave-missing',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, ...options }) => {
      if (pluginData === leaveMissing) return undefined;
      const found = await bundler.resolve(path, { ...options, pluginData: leaveMissing });
      return found.errors.length > 0 ? { path, external: true } : found;
    });
  },
};

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: [join(compiled, 'apps/connector/src/main.js')],
  outdir: out,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  legalComments: 'none',
  external: unbundled,
  plugins: [leaveMissing],
  logLevel: 'warning',
  logOverride: { 'ignored-bare-import': 'silent' },
  banner: { js: commonJs },
});
// Child processes are started from files beside the code that starts them. What an earlier build has compiled from a file
// that is not there any more stays behind.
const hasSource = (path) => existsSync(join(root, relative(compiled, path).replace(/\.map$/, '')));
for (const lib of ['inference', 'sandbox', 'tabular'])
  cpSync(join(compiled, 'libs', lib, 'src/child'), join(out, 'child'), { recursive: true, filter: hasSource });
