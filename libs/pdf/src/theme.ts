/** Colours of the light style sheet; each text colour has a contrast of at least 4.5 on white (WCAG 2.2 §1.4.3). */
export const colours = {
  paper: '#ffffff',
  ink: '#1c2730',
  quiet: '#4d5b66',
  line: '#d8d5cc',
  edge: '#747f89',
  accent: '#0b5a68',
  accentSoft: '#d9ebee',
  pass: '#17653a',
  fail: '#9b271c',
  open: '#744e00',
  none: '#47525d',
  code: '#f1f0ec',
} as const;

/** A4 in points. */
export const sheet = { width: 595.28, height: 841.89, left: 48, right: 48, top: 52, bottom: 60 } as const;

/** Letters in points. */
export const sizes = { body: 9.5, small: 8.5, tiny: 7, lead: 11, words: 14, h1: 20, h2: 14.5, h3: 11.5 } as const;

export const lineHeight = 1.4;

/** How letters look. */
export interface Style {
  readonly face: 'regular' | 'bold';
  readonly size: number;
  readonly colour: string;
}

export const bodyStyle: Style = { face: 'regular', size: sizes.body, colour: colours.ink };

/** The colour of an outcome or a severity, by the class that says it. */
export const toneOf: Readonly<Record<string, string>> = {
  'verdict-pass': colours.pass,
  'verdict-fail': colours.fail,
  'verdict-insufficient-data': colours.open,
  'finding-high': colours.fail,
  'finding-medium': colours.open,
  'finding-low': colours.edge,
  'reason-pass': colours.pass,
  'reason-fail': colours.fail,
  'reason-insufficient-data': colours.open,
};
