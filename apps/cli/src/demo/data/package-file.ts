import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ok, type Problem, type Result, refuse } from '@hansa/kernel';

export type PackageFileProblem = Problem<'demo.data-package-missing'>;

/** The text of a file inside an installed npm package, or what to install when it is not there. */
export function readPackageFile(path: `${string}/${string}`): Result<string, PackageFileProblem> {
  try {
    return ok(readFileSync(createRequire(import.meta.url).resolve(path), 'utf8'));
  } catch {
    const name = path.split('/', 1)[0];
    return refuse(
      'demo.data-package-missing',
      `The development dependency "${name}", which holds the demo's data, is not installed: run "npm ci" without "--omit=dev".`,
      path,
    );
  }
}
