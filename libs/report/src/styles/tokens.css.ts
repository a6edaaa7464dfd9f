/** Colours for light and dark, each text colour with a contrast of at least 4.5 on its ground (WCAG 2.2 §1.4.3). */
export const tokens = `
:root {
  color-scheme: light dark;
  --paper: #f6f5f1;
  --surface: #ffffff;
  --ink: #1c2730;
  --quiet: #4d5b66;
  --line: #d8d5cc;
  --edge: #747f89;
  --accent: #0b5a68;
  --accent-soft: #d9ebee;
  --pass: #17653a;
  --pass-soft: #e0f1e6;
  --fail: #9b271c;
  --fail-soft: #fbe5e1;
  --open: #744e00;
  --open-soft: #fbeed1;
  --none: #47525d;
  --none-soft: #e8eaed;
  --text: 1.0625rem;
  --small: 0.9375rem;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SFMono-Regular", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #11181d;
    --surface: #19222a;
    --ink: #e8edf0;
    --quiet: #a9b5bf;
    --line: #34414b;
    --edge: #7e8c97;
    --accent: #80cbd6;
    --accent-soft: #17373f;
    --pass: #8bdaa8;
    --pass-soft: #163524;
    --fail: #ffb0a4;
    --fail-soft: #48211c;
    --open: #f1ca7d;
    --open-soft: #3d2f10;
    --none: #c5ced6;
    --none-soft: #2b363f;
  }
}
`;
