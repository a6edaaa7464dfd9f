export type { HttpHeaders } from './exchange.js';
export {
  createGuardedClient,
  type GuardedClient,
  type GuardedClientOptions,
  type HttpRequest,
  type HttpResponse,
} from './guarded-client.js';
export type { ResolvedAddress, ResolveName } from './guarded-lookup.js';
export { type HttpProblem, peerText, type UnexpectedStatus } from './http-problem.js';
export type { Pulled, PullRequest } from './pull-to-file.js';
export type { Pushed, PushRequest } from './push-file.js';
