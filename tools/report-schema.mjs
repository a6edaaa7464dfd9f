// Writes the JSON Schema of audit reports, from the form that the library checks them by. Needs a build.
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { AuditReportDocument } from '../dist/libs/fair/src/index.js';

const file = new URL('../docs/reference/audit-report.schema.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(z.toJSONSchema(AuditReportDocument, { io: 'output' }), null, 2)}\n`);
