import fastifyRateLimit from '@fastify/rate-limit';
import { type Ids, uuids } from '@hansa/kernel';
import { type Logger, NestLogger, requestIdFrom } from '@hansa/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, RawRequestDefaultExpression } from 'fastify';
import { z } from 'zod';
import { AppModule, type NodeParts } from './app.module.js';
import { dspBasePath } from './catalog/index.js';
import { Relay } from './delivery/index.js';
import { counterpartyOf } from './identity/index.js';
import { countRequest, HANSA_METRICS, type HansaMetrics } from './metrics/index.js';
import { agreementErrors } from './negotiation/index.js';
import {
  checkTarget,
  deliverEarlyAnswers,
  drainOnClose,
  dspErrors,
  installJsonParsers,
  installStreamedBodies,
  ProblemError,
  ProblemFilter,
  publishOpenApi,
  schemaWords,
} from './server/index.js';
import { sinkPath } from './transfer/index.js';

const requestIds: Ids = { next: () => uuids.next().slice('urn:uuid:'.length) };

/** Puts the node together; it does not listen yet. */
export async function createApp(parts: NodeParts): Promise<NestFastifyApplication> {
  const { config, log } = parts.platform;
  z.config({ customError: schemaWords });
  const problems = new ProblemFilter(log, [...dspErrors(dspBasePath, uuids), agreementErrors(uuids)]);
  const adapter = new FastifyAdapter({
    bodyLimit: config.limits.bodyBytes,
    genReqId: (request: RawRequestDefaultExpression) => requestIdFrom(request.headers['x-request-id'], requestIds),
    // An id of ours is a URN; Fastify's default of 100 characters a segment would be short of it when encoded.
    routerOptions: { maxParamLength: 512 },
    // For what is pushed to this node; all other bodies have a shorter limit of their own (installStreamedBodies).
    requestTimeout: 6 * 3_600_000,
    connectionTimeout: 0,
    frameworkErrors: problems.badTarget,
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, {
    logger: new NestLogger(log),
    abortOnError: false,
    bodyParser: false,
  });
  const server: FastifyInstance = app.getHttpAdapter().getInstance();
  drainOnClose(server);
  deliverEarlyAnswers(server);
  installHooks(server, log, app.get<HansaMetrics>(HANSA_METRICS), app.get(Relay));
  installJsonParsers(server);
  installStreamedBodies(server, sinkPath);
  await server.register(fastifyRateLimit, {
    max: config.limits.requestsPerMinute,
    timeWindow: 60_000,
    allowList: (request) => request.url.startsWith('/health/') || request.url === '/metrics',
    errorResponseBuilder: (_request, { ttl }) => {
      const detail = `Too many requests from this address. Try again in ${Math.ceil(ttl / 1000)} seconds.`;
      return new ProblemError({ kind: 'request.too-many', detail });
    },
  });
  app.useGlobalFilters(problems);
  publishOpenApi(app);
  app.enableShutdownHooks();
  return app;
}

/** Every request has an id, in what is logged about it and in its answer; and no answer may be taken for something it is not. */
function installHooks(server: FastifyInstance, log: Logger, metrics: HansaMetrics, relay: Relay): void {
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    void reply.header('x-content-type-options', 'nosniff');
    void reply.header('referrer-policy', 'no-referrer');
    const problem = checkTarget(request.raw.url ?? '', request.raw.rawHeaders);
    if (problem) done(new ProblemError(problem));
    else done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { id: requestId, method, routeOptions } = request;
    const level = routeOptions.url?.startsWith('/health') || routeOptions.url === '/metrics' ? 'debug' : 'info';
    // The route and not the address: addresses may hold what must not be in a log.
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    log[level]('request', { requestId, method, route: routeOptions.url ?? 'unknown', status: reply.statusCode, ms });
    countRequest(metrics, request, reply);
    const sender = counterpartyOf(request);
    if (sender) relay.heard(sender.did);
    done();
  });
}
