import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { packageRoot } from './package-root.js';

/** The built entry file of the node; apps meet as processes, never by imports. */
export function connectorMain(root: string = packageRoot()): Result<string, Problem<'cli.not-built'>> {
  const main = join(root, 'dist', 'connector', 'main.js');
  return existsSync(main)
    ? ok(main)
    : refuse('cli.not-built', 'The node is not built yet: run "npm run build" first.', main);
}
