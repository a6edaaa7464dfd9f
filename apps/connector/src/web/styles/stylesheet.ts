import { createHash } from 'node:crypto';
import { paths } from '../paths.js';
import { base } from './base.css.js';
import { components } from './components.css.js';
import { print } from './print.css.js';
import { report } from './report.css.js';
import { tokens } from './tokens.css.js';

/** The one style sheet of all pages. */
export const stylesheet = [tokens, base, components, report, print].join('');

/** Changes with every change of the sheet, so that a copy may be kept for as long as one likes. */
export const stylesheetVersion = createHash('sha256').update(stylesheet).digest('base64url').slice(0, 16);

/** The address that pages link to. */
export const stylesheetUrl = `${paths.stylesheet}?v=${stylesheetVersion}`;
