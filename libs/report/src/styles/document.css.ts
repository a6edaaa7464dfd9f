/** What only the report as a file of its own has. */
export const documentStyles = `
.masthead { padding-top: clamp(1.75rem, 5vw, 3.5rem); }
.masthead h1 { max-width: 48rem; margin-bottom: 0; }
.masthead + main { padding-top: 0; }
.masthead + main > .contents { margin-top: 1.25rem; }
.verdict h3 { margin: 1.5rem 0 0.4rem; }
.verdict > :last-child { margin-bottom: 0; }
.colophon { padding-block: 1.5rem 3rem; color: var(--quiet); font-size: var(--small); }
.facts + .facts { border-top: 0; margin-top: -1rem; }
@media print {
  @page { size: A4; @bottom-right { content: counter(page) " / " counter(pages); font: 9pt system-ui, sans-serif; color: #4d5b66; } }
  .masthead { padding-top: 0; }
  section.part { margin-top: 1.5rem; }
  .part h3 { margin-top: 1.25rem; }
  p, li { orphans: 3; widows: 3; }
  table:not(:has(tr:nth-child(12))) { break-inside: avoid; }
  .chart { zoom: 0.7; break-inside: avoid; }
  figcaption, figcaption + p { break-after: avoid; }
  .colophon { padding-block: 1rem 0; }
}
`;
