import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type Did, isJsonObject, type JsonObject, type Result } from '@hansa/kernel';
import type { NegotiationCommands } from '../../../apps/connector/src/negotiation/index.js';
import type { TransferCommands } from '../../../apps/connector/src/transfer/index.js';

/** Where the kit asks this node to begin a process as a consumer. */
const triggerPaths = { negotiation: '/negotiations/requests', transfer: '/transfers/requests' } as const;

/**
 * A server beside the node, on loopback, on which the kit plays the operator: it tells the node to ask for a contract
 * or for a transfer.
 */
export function triggerServer(negotiations: NegotiationCommands, transfers: TransferCommands): Server {
  const begin = (path: string | undefined, body: JsonObject): Promise<Result<unknown>> | null => {
    if (path === triggerPaths.transfer) return transfers.start(String(body.agreementId));
    if (path !== triggerPaths.negotiation) return null;
    const datasetId = String(body.datasetId);
    return negotiations.request({
      counterparty: String(body.providerId) as Did,
      address: String(body.connectorAddress),
      datasetId,
      offer: { '@type': 'Offer', '@id': String(body.offerId), permission: [{ action: 'use' }] },
    });
  };
  return createServer(async (request, response) => {
    const answer = (status: number, detail = ''): void => void response.writeHead(status).end(detail);
    try {
      const body = request.method === 'POST' ? await jsonOf(request) : null;
      const begun = body && (await begin(request.url, body));
      if (!begun) answer(404);
      else if (begun.ok) answer(200);
      else answer(400, begun.problem.detail);
    } catch (error) {
      answer(500, String(error));
    }
  });
}

async function jsonOf(request: IncomingMessage): Promise<JsonObject> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
  if (!isJsonObject(body)) throw new Error('a trigger is a JSON object');
  return body;
}
