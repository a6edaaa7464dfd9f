/** Marks text on screens that can; the words alone always say the same. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly weak: (text: string) => string;
}

/** ECMA-48 §8.3.117 (select graphic rendition), or nothing at all. */
export function painter(enabled: boolean): Paint {
  const style = (on: number, off: number) => (text: string) => (enabled ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return { bold: style(1, 22), good: style(32, 39), bad: style(31, 39), weak: style(2, 22) };
}
