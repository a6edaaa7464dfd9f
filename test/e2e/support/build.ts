import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const info = resolve('dist/build.tsbuildinfo');
const main = resolve('dist/connector/main.js');

/**
 * The compiled node in `dist`.
 *
 * @throws Error when it is missing or was compiled from other sources than those that are there now. The compiler's own
 *   record holds the SHA-256 of each source, so times of files do not matter.
 */
export function builtNode(): string {
  if (!existsSync(main) || !existsSync(info)) throw new Error('The node is not built: run "npm run build" first.');
  const record: {
    readonly fileNames: readonly string[];
    readonly fileInfos: readonly (string | { version: string })[];
  } = JSON.parse(readFileSync(info, 'utf8'));
  const compiled = new Map(
    record.fileNames.map((name, i) => {
      const about = record.fileInfos[i];
      return [resolve('dist', name), typeof about === 'object' ? about.version : about] as const;
    }),
  );
  const changed = sources().find((file) => compiled.get(file) !== digestOf(file));
  if (changed) throw new Error(`dist is older than ${relative(process.cwd(), changed)}: run "npm run build" first.`);
  // The bundle is the last step of the build, and made anew by each.
  if (statSync(main).mtimeMs < statSync(info).mtimeMs)
    throw new Error('The build was not finished: run "npm run build" first.');
  return main;
}

/** What `npm run build` compiles (tsconfig.build.json). */
function sources(): readonly string[] {
  return ['apps', 'libs'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(
        (file) => /\.ts$/.test(file) && !/\.(spec|fixtures)\.ts$|\.d\.ts$|[\\/]testing[\\/]|node_modules/.test(file),
      )
      .map((file) => resolve(join(folder, file))),
  );
}

function digestOf(file: string): string {
  return createHash('sha256')
    .update(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''))
    .digest('hex');
}
