/** Type, frame, links, focus. */
export const base = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: var(--text)/1.6 var(--sans);
  overflow-wrap: break-word;
}
.frame { width: 100%; max-width: 68rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
h1, h2, h3 { line-height: 1.2; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.75rem, 1.2rem + 2.6vw, 2.75rem); font-weight: 650; letter-spacing: -0.015em; margin: 0 0 1rem; }
h1 a { color: inherit; text-decoration-thickness: 1px; }
h2 { font-size: clamp(1.35rem, 1.1rem + 1vw, 1.7rem); font-weight: 620; margin: 0 0 1rem; }
h3 { font-size: 1.15rem; font-weight: 620; margin: 2rem 0 0.75rem; }
p, ul, ol, dl, figure, pre, details { margin: 0 0 1rem; }
p, li, dd { max-width: 44rem; }
ul, ol { padding-left: 1.3rem; }
li + li { margin-top: 0.35rem; }
a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
main:focus { outline: none; }
code { font-family: var(--mono); font-size: 0.875em; overflow-wrap: anywhere; }
.long { word-break: break-all; }
.quiet { color: var(--quiet); font-size: var(--small); }
.empty { color: var(--quiet); }
.lead { font-size: 1.175rem; line-height: 1.55; }
.kicker { margin: 0 0 0.4rem; color: var(--accent); font-weight: 620; font-size: var(--small); }
.skip-link { position: absolute; left: 1rem; top: -6rem; padding: 0.6rem 1rem; background: var(--surface); z-index: 1; }
.skip-link:focus { top: 1rem; }
main { padding-block: clamp(1.75rem, 5vw, 3.5rem) 4rem; }
section { margin-top: clamp(2.25rem, 5vw, 3.5rem); }
`;
