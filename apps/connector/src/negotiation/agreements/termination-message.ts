import { hansaContextUrl, serviceUrl } from '@hansa/dcp';
import { type Did, type Ids, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { z } from 'zod';
import type { ErrorDialect } from '../../server/index.js';
import type { AgreementTermination } from './agreement-end.js';

/** The service entry of a DID document that says that its owner takes messages about agreements. */
export const agreementServiceType = 'HansaAgreementService';
/** Where a node takes them, below its public address. */
export const agreementServicePath = '/agreements/v1';

const text = z.string().min(1).max(1000);

/** Our extension of DSP 2025-1: one side of an agreement ends it. Further members are allowed, as everywhere in DSP. */
export const TerminationMessage = z.looseObject({
  '@context': z
    .array(z.string().max(1000))
    .max(64)
    .refine((context) => context.includes(hansaContextUrl), `must contain ${hansaContextUrl}`)
    .meta({ contains: { const: hansaContextUrl } }),
  '@type': z.literal('AgreementTerminationMessage'),
  '@id': text.describe('A new, unique id of the message; a repeat has the same'),
  agreementId: text.describe('The @id of the agreement, which the address of the message names too'),
  code: text.optional().describe("For machines, of the sender's choosing"),
  reason: z.array(text).min(1).max(100).describe('For people'),
});
export type TerminationMessage = z.infer<typeof TerminationMessage>;

type MessageProblem = Problem<'agreement.message-invalid' | 'agreement.id-mismatch'>;

/** Reads a termination message that came to the address of an agreement. */
export function parseTermination(agreementId: string, body: unknown): Result<TerminationMessage, MessageProblem> {
  const parsed = TerminationMessage.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = `/${(issue?.path ?? []).map(String).join('/')}`;
    const detail = `Invalid AgreementTerminationMessage: ${at === '/' ? 'the message' : at} ${issue?.message}.`;
    return refuse('agreement.message-invalid', detail, at);
  }
  return parsed.data.agreementId === agreementId
    ? ok(parsed.data)
    : refuse('agreement.id-mismatch', 'The message names another agreement than its address.', '/agreementId');
}

/** The wire form of a termination of ours. */
export function terminationMessage(
  agreementId: string,
  { code, reason }: AgreementTermination,
  id: string,
): JsonObject {
  return {
    '@context': [hansaContextUrl],
    '@type': 'AgreementTerminationMessage',
    '@id': id,
    agreementId,
    ...(code === null ? {} : { code }),
    reason,
  };
}

/** Where the counterparty takes it: looked up by its DID when the message is sent. */
export function terminationAddress(counterparty: Did, agreementId: string): string {
  return serviceUrl(counterparty, agreementServiceType, [agreementId, 'termination']);
}

/** Failures of the agreement endpoint, in the manner of DSP: who is not authorised learns no more than a stranger. */
export function agreementErrors(ids: Ids): ErrorDialect {
  return {
    prefix: agreementServicePath,
    answer: ({ kind, detail }, status, path) => ({
      status: status === 401 || status === 403 ? 404 : status,
      ...(status === 503 ? { headers: { 'retry-after': '1' } } : {}),
      body: {
        '@context': [hansaContextUrl],
        '@type': 'AgreementError',
        '@id': ids.next(),
        agreementId: agreementIn(path),
        code: kind,
        reason: [detail],
      },
    }),
  };
}

function agreementIn(path: string): string {
  const [segment = ''] = path.slice(agreementServicePath.length + 1).split('/');
  try {
    return decodeURIComponent(segment) || 'unknown';
  } catch {
    return 'unknown';
  }
}
