/** On paper: everything open, nothing to click, no chart cut in two where it can be helped. */
export const print = `
@media print {
  :root { --paper: #fff; --surface: #fff; --text: 10.5pt; --small: 9pt; color-scheme: light; }
  @page { margin: 18mm 16mm; }
  .skip-link, .contents { display: none; }
  .frame { max-width: none; padding-inline: 0; }
  main { padding-block: 1rem; }
  h2, h3, figcaption, caption { break-after: avoid; }
  tr, figcaption, figcaption + p, .finding, .verdict, .facts > div { break-inside: avoid; }
  .scroll, .snippet { overflow: visible; }
  .snippet, .snippet code { white-space: pre-wrap; overflow-wrap: anywhere; }
  td.number { white-space: normal; }
  details { border: 0; padding: 0; }
  .fold > summary { list-style: none; color: var(--ink); break-after: avoid; }
  details::details-content { content-visibility: visible; height: auto; }
  .chart .band, .callout, .badge { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
