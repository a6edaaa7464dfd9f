export { installJsonParsers } from './body-parsers.js';
export { dspErrors } from './dsp-errors.js';
export { HealthChecks } from './health-checks.js';
export { DidInput, PageQuery, ReasonInput } from './inputs.js';
export { publishOpenApi } from './openapi.js';
export { type Platform, PlatformModule } from './platform.module.js';
export { ProblemFilter } from './problem.filter.js';
export { orThrow, ProblemError, schemaProblem } from './problem.js';
export { CLOCK, CONFIG, DATABASE, HTTP, IDS, JOBS, LOGGER } from './tokens.js';
