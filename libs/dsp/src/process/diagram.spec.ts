import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { diagram } from './diagram.js';
import { negotiationTable } from './negotiation.machine.js';
import { transferTable } from './transfer.machine.js';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

test.each([
  ['negotiation', diagram(negotiationTable)],
  ['transfer', diagram(transferTable)],
])('the picture of the %s in the README is the table', (_, picture) => {
  expect(readme.includes(`\`\`\`mermaid\n${picture}\n\`\`\``) || picture).toBe(true);
});
