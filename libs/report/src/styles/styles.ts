import { base } from './base.css.js';
import { components } from './components.css.js';
import { print } from './print.css.js';
import { report } from './report.css.js';
import { tokens } from './tokens.css.js';

/** Everything that a report is drawn with: no font, no picture and no address in it. */
export const reportStyles = [tokens, base, components, report, print].join('');
