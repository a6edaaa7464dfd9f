// The last step of the build: an empty database cluster in dist, which new nodes copy in place of making one.
import { fileURLToPath } from 'node:url';
import { ensureTemplate } from '../dist/libs/platform/src/index.js';

const template = fileURLToPath(new URL('../dist/embedded-template', import.meta.url));
if (await ensureTemplate(template)) console.error('made the template of the embedded database');
