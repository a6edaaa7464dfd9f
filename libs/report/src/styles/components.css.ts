/** What pages are made of. */
export const components = `
.badge { display: inline-flex; align-items: center; gap: 0.4rem; padding: 0.15rem 0.65rem 0.15rem 0.45rem; border: 1px solid currentColor; border-radius: 999px; font-size: var(--small); font-weight: 620; line-height: 1.5; white-space: nowrap; }
.symbol { flex: none; fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; stroke-linejoin: round; vertical-align: -0.15em; }
.badge-pass { color: var(--pass); background: var(--pass-soft); }
.badge-fail { color: var(--fail); background: var(--fail-soft); }
.badge-insufficient-data { color: var(--open); background: var(--open-soft); }
.badge-revoked, .badge-none { color: var(--none); background: var(--none-soft); }
.facts { display: grid; gap: 0; border-top: 1px solid var(--line); }
.facts > div { display: grid; grid-template-columns: minmax(9rem, 15rem) 1fr; gap: 0.15rem 1.5rem; padding: 0.55rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--quiet); }
.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
@media (max-width: 36rem) { .facts > div { grid-template-columns: 1fr; } }
.snippet { padding: 0.85rem 1rem; background: var(--surface); border: 1px solid var(--line); border-left: 3px solid var(--edge); border-radius: 4px; overflow-x: auto; line-height: 1.5; }
.snippet code { overflow-wrap: normal; }
details { border: 1px solid var(--line); border-radius: 6px; padding: 0 1rem; background: var(--surface); }
summary { padding: 0.6rem 0; cursor: pointer; color: var(--accent); font-weight: 560; }
/* No ground of its own: charts have halos in the colour of the page. */
.fold { padding-inline: clamp(0.5rem, 2vw, 1rem); background: none; }
.fold > summary > h3 { display: inline; margin: 0; }
.fold > summary .quiet { font-weight: 400; margin-left: 0.5rem; }
.scroll { overflow-x: auto; margin: 0 0 1.25rem; }
table { border-collapse: collapse; width: 100%; font-size: var(--small); line-height: 1.45; font-variant-numeric: tabular-nums; }
caption { max-width: min(100%, 90vw); padding: 0 0 0.5rem; text-align: left; color: var(--quiet); }
th, td { padding: 0.5rem 1rem 0.5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; max-width: 26rem; min-width: 4.5rem; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-bottom: 2px solid var(--edge); vertical-align: bottom; font-weight: 620; }
tbody th { font-weight: 560; }
.number { text-align: right; }
td.number { white-space: nowrap; }
td .quiet { display: block; white-space: normal; font-size: 0.9em; }
tbody th .quiet { display: block; font-weight: 400; font-size: 0.9em; }
td code, tbody th code { display: block; color: var(--quiet); font-weight: 400; overflow-wrap: normal; }
.number + .text { padding-left: 0.75rem; }
`;
