import { isJsonObject, type Json, parseJson } from '@hansa/kernel';
import { mediaTypes } from '@hansa/tabular';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HansaMetrics } from './hansa-metrics.js';

/** Counts an answered request, where it was a message of a protocol or a request for data. */
export function countRequest(
  metrics: Pick<HansaMetrics, 'messagesReceived' | 'dataRequests'>,
  { method, routeOptions: { url = '' }, body }: FastifyRequest,
  reply: FastifyReply,
): void {
  const { statusCode } = reply;
  if (method === 'POST' && /^\/(dsp|dcp|agreements)\//.test(url))
    metrics.messagesReceived.add({ type: messageType(body as Json), outcome: outcomeOf(statusCode) });
  if (method === 'GET' && url === '/data/:transfer')
    metrics.dataRequests.add({ format: formatOf(reply, statusCode), status: String(statusCode) });
}

/** The type of a message of DSP or about an agreement (`@type`) or DCP (`type`), as it is written. */
function messageType(body: Json | undefined): string {
  const type = isJsonObject(body) ? (body['@type'] ?? body.type) : undefined;
  return typeof type === 'string' ? type : '';
}

/** The type of a message of ours, in its frozen bytes. */
export function frozenType(text: string): string {
  const parsed = parseJson(text);
  return parsed.ok ? messageType(parsed.value) : '';
}

function outcomeOf(status: number): 'accepted' | 'refused' | 'busy' | 'failed' {
  if (status < 400) return 'accepted';
  if (status < 500) return 'refused';
  return status === 503 ? 'busy' : 'failed';
}

function formatOf(reply: FastifyReply, status: number): string {
  const given = String(reply.getHeader('content-type') ?? '').split(';')[0];
  const format = Object.entries(mediaTypes).find(([, type]) => type === given)?.[0];
  return status < 400 ? (format ?? 'none') : 'none';
}
