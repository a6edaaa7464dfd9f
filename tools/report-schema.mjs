// Writes the JSON Schemas of audit reports, from the forms that the library checks them by. Needs a build.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { AuditReportDocument, TaskReportDocument } from '../dist/libs/fair/src/index.js';

const documents = { 'audit-report': AuditReportDocument, 'task-report': TaskReportDocument };
for (const [name, document] of Object.entries(documents)) {
  const file = new URL(`../docs/reference/${name}.schema.json`, import.meta.url);
  writeFileSync(file, `${JSON.stringify(z.toJSONSchema(document, { io: 'output' }), null, 2)}\n`);
}
