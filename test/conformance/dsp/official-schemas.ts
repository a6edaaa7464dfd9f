import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';

const folders = ['common', 'catalog', 'negotiation', 'transfer'];

/** Says what is wrong with a message by the specification's own schema of its `@type`; null: nothing. */
export type Complain = (message: unknown) => string | null;

/** Reads the schemas of DSP 2025-1; three upstream references lack a slash, which is put in. */
export function officialSchemas(directory: string): Complain {
  const ajv = new Ajv2019({ strict: false });
  const ids = new Map<string, string>();
  for (const folder of folders)
    for (const file of readdirSync(join(directory, folder)).filter((name) => name.endsWith('-schema.json'))) {
      const text = readFileSync(join(directory, folder, file), 'utf8').replaceAll('.json#def', '.json#/def');
      const schema = JSON.parse(text);
      ajv.addSchema(schema);
      ids.set(file, schema.$id);
    }
  return (message) => {
    const type = String((message as { '@type'?: unknown } | null)?.['@type']);
    const id = ids.get(`${type.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase()}-schema.json`);
    const validator = id === undefined ? undefined : ajv.getSchema(id);
    if (!validator) return `there is no message of type ${type}`;
    return validator(message) ? null : `${type}: ${ajv.errorsText(validator.errors)}`;
  };
}
