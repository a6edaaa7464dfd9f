// Writes the JSON Schemas of entries of the algorithm register and of their exports, from the forms that the library
// checks them by. Needs a build.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { exportSchemas, RegisterEntryInput } from '../dist/libs/fair/src/index.js';

for (const [name, form] of Object.entries({ entry: RegisterEntryInput, ...exportSchemas })) {
  const file = new URL(`../docs/reference/algorithm-register/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(z.toJSONSchema(form, { io: 'output' }), null, 2)}\n`);
}
