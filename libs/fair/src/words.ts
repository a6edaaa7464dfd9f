/** A share as people read it: `3.2 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** A number with up to four decimals. */
export function number(value: number): string {
  return String(Number(value.toFixed(4)));
}

/** `a`, `a and b`, `a, b and c`; a long list ends in how many more there are. */
export function list(items: readonly string[], most = 10): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items;
  const last = shown.at(-1) ?? '';
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : last;
}
