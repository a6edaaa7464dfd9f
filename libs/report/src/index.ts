export { digest, facts, snippet, time } from './components/facts.js';
export { type Standing, standingBadge, standingSymbol, standingWords } from './components/standing-badge.js';
export { type Column, table } from './components/table.js';
export { optionsOfReport, type ReportDocumentOptions } from './document/options.js';
export { type PrintableReport, printableReport, printableTaskReport } from './document/printable-report.js';
export { reportDocument } from './document/report-document.js';
export { taskDocument } from './document/task-document.js';
export { byteSize, count, counted, day, decimal, list, minute } from './format.js';
export { Html, type HtmlValue, html, isWebAddress } from './html.js';
export { outcomeWords } from './metric-words.js';
export { changesSection } from './sections/changes.js';
export { citiesSection } from './sections/cities.js';
export { comparisonsSection } from './sections/comparisons.js';
export { drawnSection } from './sections/drawn.js';
export { type EvidenceParts, evidenceSection } from './sections/evidence.js';
export { findingsSection } from './sections/findings.js';
export { groupsSection } from './sections/groups.js';
export { humanBaselineSection } from './sections/human-baseline.js';
export { inequalitySection } from './sections/inequality.js';
export { limitsSection, methodSection } from './sections/method.js';
export { planSection } from './sections/plan.js';

export { scoresSection } from './sections/scores.js';
export { testsSection } from './sections/tests.js';
export { reasonsList, type VerdictParts, verdictBox, verdictSentence } from './sections/verdict.js';

export { reportStyles } from './styles/styles.js';
