import { createHash } from 'node:crypto';
import { reportStyles } from '@hansa/report';
import { paths } from '../paths.js';
import { site } from './site.css.js';

/** The one style sheet of all pages. */
export const stylesheet = reportStyles + site;

/** Changes with every change of the sheet, so that a copy may be kept for as long as one likes. */
export const stylesheetVersion = createHash('sha256').update(stylesheet).digest('base64url').slice(0, 16);

/** The address that pages link to. */
export const stylesheetUrl = `${paths.stylesheet}?v=${stylesheetVersion}`;
