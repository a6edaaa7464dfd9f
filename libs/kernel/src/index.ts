export { type Brand, type Did, isDid } from './brand.js';
export { canonicalJson } from './canonical-json.js';
export { didYouMean } from './did-you-mean.js';
export { type Digest, digestOf, digestOfJson, isDigest } from './digest.js';
export { isJsonObject, type Json, type JsonObject, maxJsonDepth, parseJson } from './json.js';
export { type Clock, type Ids, type Random, seededRandom, systemClock, uuids } from './ports.js';
export { assertNever, fail, must, ok, type Problem, type Result, refuse } from './result.js';
export { type BackoffOptions, backoff, type RetryContext, type RetryPolicy } from './retry.js';
