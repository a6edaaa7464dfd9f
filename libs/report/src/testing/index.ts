export { accessibilityOf, browserMissing, openBrowser, openPage } from './browser.js';
export { hostileStrings } from './hostile-strings.js';
export {
  auditReport,
  cellCounts,
  compas,
  confusion,
  type Groups,
  plan,
  recidivismPlan,
  states,
  withPeople,
} from './reports.js';
export { scoredReport } from './scored-report.js';
