/** What only a node's pages have: its frame, lists of offers and models, explanations. */
export const site = `
.site-header { background: var(--surface); border-bottom: 1px solid var(--line); }
.site-header .frame { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0 2rem; padding-block: 0.6rem; }
.wordmark { display: inline-flex; align-items: center; gap: 0.6rem; padding-block: 0.5rem; color: var(--ink); text-decoration: none; font-size: 1.1rem; }
.emblem { flex: none; fill: var(--accent); }
.emblem g { fill: none; stroke: var(--surface); stroke-width: 3; stroke-linecap: round; }
.site-header ul { display: flex; gap: 0.25rem; margin: 0 0 0 -0.7rem; padding: 0; list-style: none; }
.site-header li { margin: 0; }
.site-header nav a { display: block; padding: 0.5rem 0.7rem; color: var(--ink); text-decoration: none; border-bottom: 3px solid transparent; }
.site-header nav a:hover { text-decoration: underline; }
.site-header nav a[aria-current="page"] { border-bottom-color: var(--accent); font-weight: 620; }
.site-footer { border-top: 1px solid var(--line); background: var(--surface); font-size: var(--small); }
.site-footer .frame { padding-block: 1.75rem; }
.site-footer p:last-child { margin: 0; }
.inline-list { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; padding: 0; list-style: none; }
.inline-list li { margin: 0; }
.inline-list a { display: inline-block; padding-block: 0.2rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 19.5rem), 1fr)); gap: 1.25rem; padding: 0; list-style: none; }
.card { margin: 0; padding: 1.25rem 1.4rem; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.card h3 { margin: 0 0 0.4rem; }
.card > :last-child { margin-bottom: 0; }
.terms { padding-left: 0; list-style: none; }
.terms li { padding-left: 1rem; border-left: 3px solid var(--accent); }
.card .terms { font-size: var(--small); }
.offer { padding: 1.25rem 1.4rem; margin-bottom: 1.25rem; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.offer h3 { margin-top: 0; }
.offer > :last-child { margin-bottom: 0; }
.steps > li { margin-bottom: 1rem; }
.steps p { margin-bottom: 0.5rem; }
thead a { display: inline-block; padding-block: 0.15rem; margin-block: -0.15rem; }
th[aria-sort="ascending"] a::after { content: " ↑"; }
th[aria-sort="descending"] a::after { content: " ↓"; }
.chips { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; list-style: none; }
.chips li { margin: 0; }
.chips a { display: inline-block; padding: 0.3rem 0.85rem; border: 1px solid var(--edge); border-radius: 999px; background: var(--surface); color: var(--ink); text-decoration: none; font-size: var(--small); }
.chips a:hover { text-decoration: underline; }
.chips a[aria-current="true"] { background: var(--accent-soft); border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); font-weight: 620; }
.chips a[aria-current="true"] .quiet { color: var(--ink); }
.filters { display: flex; flex-wrap: wrap; align-items: end; gap: 0.5rem 1rem; margin-block: 1rem; }
.filters p { margin: 0; max-width: 100%; }
.filters label { display: block; font-size: var(--small); }
.filters select, .filters button { max-width: 100%; min-height: 2.5rem; padding: 0.3rem 0.7rem; border: 1px solid var(--edge); border-radius: 6px; background: var(--surface); color: var(--ink); font: inherit; }
.filters button { border-color: var(--accent); background: var(--accent-soft); cursor: pointer; }
.notice { padding: 0.75rem 1rem; border-left: 3px solid var(--accent); background: var(--surface); }
details summary { cursor: pointer; overflow-wrap: anywhere; }
del { text-decoration-color: var(--edge); }
ins { text-decoration: none; }
.chart .bar { fill: var(--accent); }
.chart .lowers .bar { fill: var(--paper); stroke: var(--accent); stroke-width: 2; }
@media print {
  .site-header nav, .chips, .filters { display: none; }
  .site-header, .site-footer { border-color: var(--edge); }
  .card { break-inside: avoid; }
}
`;
