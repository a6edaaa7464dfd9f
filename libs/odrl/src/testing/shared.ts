import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A folder or file of the conformance data that lies beside the project, or undefined where it is absent. */
export function sharedPath(name: string): string | undefined {
  const path = fileURLToPath(new URL(`../../../../../shared/conformance/${name}`, import.meta.url));
  return existsSync(path) ? path : undefined;
}
