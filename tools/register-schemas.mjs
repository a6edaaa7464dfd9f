// Writes the JSON Schemas of the algorithm register, of its entries and of their exports, from the forms that the library
// checks them by. Needs a build.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { exportSchemas, RegisterEntryInput, RegisterOverview } from '../dist/libs/fair/src/index.js';

for (const [name, form] of Object.entries({
  entry: RegisterEntryInput,
  overview: RegisterOverview,
  ...exportSchemas,
})) {
  const file = new URL(`../docs/reference/algorithm-register/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(z.toJSONSchema(form, { io: 'output' }), null, 2)}\n`);
}
