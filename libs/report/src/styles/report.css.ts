/** The audit report and its charts. */
export const report = `
.verdict { padding: clamp(1.1rem, 3vw, 1.75rem); background: var(--surface); border: 1px solid var(--line); border-top: 5px solid var(--none); border-radius: 4px 4px 8px 8px; }
.verdict-pass { border-top-color: var(--pass); }
.verdict-fail { border-top-color: var(--fail); }
.verdict-insufficient-data { border-top-color: var(--open); }
.verdict-words { display: flex; align-items: center; gap: 0.6rem; margin: 0 0 0.75rem; font-size: 1.5rem; font-weight: 650; }
.verdict-words .symbol { width: 1.6rem; height: 1.6rem; }
.verdict-pass .verdict-words, .reason-pass > .symbol { color: var(--pass); }
.verdict-fail .verdict-words, .reason-fail > .symbol { color: var(--fail); }
.verdict-insufficient-data .verdict-words, .reason-insufficient-data > .symbol { color: var(--open); }
.reasons { padding: 0; margin: 0; list-style: none; }
.reasons li { display: flex; gap: 0.6rem; align-items: baseline; }
.reasons li > span { min-width: 0; overflow-wrap: anywhere; }
.contents { margin-top: 2rem; }
.contents ol { columns: 17rem; padding-left: 1.6rem; }
.contents li { margin: 0; padding-block: 0.2rem; break-inside: avoid; }
.callout { padding: 0.8rem 1rem; border-left: 4px solid var(--accent); background: var(--accent-soft); max-width: 46rem; }
.findings { padding: 0; list-style: none; }
.finding { display: flex; flex-wrap: wrap; gap: 0.25rem 0.9rem; align-items: baseline; padding: 0.8rem 1rem; border-left: 4px solid var(--edge); background: var(--surface); max-width: 48rem; }
.finding > span { flex: 1 1 16rem; min-width: 0; overflow-wrap: anywhere; }
.finding > .answer { flex: 1 1 100%; margin: 0; }
.finding-high { border-left-color: var(--fail); }
.finding-medium { border-left-color: var(--open); }
.severity { flex: none; min-width: 4.2rem; }
.finding-high .severity { color: var(--fail); }
.finding-medium .severity { color: var(--open); }
figure { margin: 1.25rem 0 2rem; }
figcaption { margin-bottom: 0.75rem; max-width: 44rem; }
.reading { margin-top: 1rem; color: var(--quiet); font-size: var(--small); }
.chart { display: block; overflow: visible; width: calc(100% - 1.25rem); max-width: 54rem; margin-inline: 0.625rem; font-size: 15px; fill: var(--ink); }
.chart text { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }
.chart .grid { stroke: var(--line); }
.chart .tick, .chart .of { fill: var(--quiet); font-size: 13px; font-weight: 400; }
.chart .band { fill: var(--accent-soft); }
.chart .overall { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 2 4; }
.chart .group { font-weight: 560; }
.chart .value { font-variant-numeric: tabular-nums; font-weight: 560; }
.chart .interval { stroke: var(--accent); stroke-width: 2; }
.chart .dot { fill: var(--accent); stroke: var(--surface); stroke-width: 2; }
.chart .line { fill: none; stroke: var(--accent); stroke-width: 2.5; }
.chart .line-1 { stroke: var(--fail); stroke-dasharray: 7 3; }
.chart .line-2 { stroke: var(--pass); stroke-dasharray: 2 3; }
.chart .line-3 { stroke: var(--open); stroke-dasharray: 10 3 2 3; }
.chart .line-4 { stroke: var(--quiet); stroke-dasharray: 4 4; }
.chart .line-5 { stroke: var(--ink); stroke-dasharray: 12 5; stroke-width: 1.5; }
.chart .diagonal { fill: none; stroke: var(--edge); stroke-dasharray: 2 4; }
.chart .row-outside .interval { stroke: var(--fail); }
.chart .row-outside .dot { fill: var(--fail); }
.chart .mark { fill: var(--fail); font-weight: 560; }
.chart .row-small .interval { stroke: var(--edge); stroke-dasharray: 3 3; }
.chart .row-small .dot { fill: var(--paper); stroke: var(--edge); }
@media (max-width: 25rem) { .chart .value .of { display: none; } }
@media (max-width: 40rem) {
  /* A name, a mark and a number do not fit in one line; form and table say what the mark says. */
  .chart { font-size: 13px; }
  .chart .of { font-size: 12px; }
  .chart .mark, .chart .too-few { display: none; }
}
`;
