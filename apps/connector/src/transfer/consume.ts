import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { edcNamespace, type Transfer } from '@hansa/dsp';
import {
  type Clock,
  type Digest,
  type Ids,
  isJsonObject,
  type JsonObject,
  ok,
  parseJson,
  type Result,
  refuse,
} from '@hansa/kernel';
import type { GuardedClient, UnitOfWork } from '@hansa/platform';
import { mediaTypes, type TableEngine, type TargetFormat } from '@hansa/tabular';
import { goesOnChanging, type PeerCatalog } from '../catalog/index.js';
import { type Agreements, endAt, sentenceOfEnd } from '../negotiation/index.js';
import type { Received, ReceivedContent } from './received.schema.js';
import type { ReceivedData } from './received-data.js';
import type { TransferCommands } from './transfer-commands.js';
import type { TransferRecord } from './transfer-record.js';
import type { Transfers } from './transfers.js';

/** What was pulled, and whether both sides mean the same bytes. */
export interface Pull extends ReceivedContent {
  readonly matches: boolean;
  /** Whether the provider is told that the transfer is complete. */
  readonly completed: boolean;
}

/** What a provider answered, and with which status. */
export interface PeerAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** What a consumer does with a started transfer: pull data, or send requests to a hosted model. */
export class Consume {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly transfers: Transfers,
    private readonly agreements: Agreements,
    private readonly client: GuardedClient,
    private readonly tables: TableEngine,
    private readonly received: ReceivedData,
    private readonly peers: PeerCatalog,
    private readonly commands: TransferCommands,
    private readonly directory: string,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /**
   * Pulls the data into a file of this node and writes a receipt of what arrived.
   *
   * @param complete tells the provider that the transfer is complete when all has arrived, unless the data go on changing
   *   by what its catalogue says.
   */
  async pull(id: string, format: TargetFormat, complete: boolean): Promise<Result<Pull>> {
    const found = await this.#address(id);
    if (!found.ok) return found;
    const { record, endpoint, authorization } = found.value;
    const folder = join(this.directory, fileName(record.id));
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${fileName(this.ids.next())}.${format}`);
    const headers = { authorization, accept: mediaTypes[format] };
    const pulled = await this.client.stream({ url: endpoint, headers }, path);
    if (!pulled.ok)
      return pulled.problem.kind === 'http.unexpected-status'
        ? refusalOf(pulled.problem.answer, pulled.problem.status)
        : pulled;
    const rows = await this.tables.countRows(path, format);
    if (!rows.ok) return rows;
    const { bytes, digest } = pulled.value;
    const providerDigest = statedDigest(pulled.value.headers['repr-digest']);
    const content = { path, format, bytes, rows: rows.value, digest, providerDigest };
    await this.unitOfWork.run((tx) => this.received.add(tx, record, content));
    const matches = providerDigest === digest;
    const completed = complete && (matches || providerDigest === null) && (await this.#complete(record));
    return ok({ ...content, matches, completed });
  }

  /** What a transfer has brought: one thing by its id, or the latest. */
  async brought(id: string, receivedId: string | null): Promise<Result<Received>> {
    if (receivedId !== null) return this.received.find(id, receivedId);
    const [latest] = await this.received.of(id, 1);
    return latest ? ok(latest) : refuse('transfer.not-found', `The transfer ${id} has brought nothing yet.`);
  }

  async #complete({ id, counterparty, datasetId }: TransferRecord): Promise<boolean> {
    const listed = await this.peers.dataset(counterparty, datasetId);
    if (!listed.ok || goesOnChanging(listed.value.dataset)) return false;
    return (await this.commands.send(id, { move: 'completion' })).ok;
  }

  /** Sends a request to the hosted model behind the transfer; `path` as in the Open Inference Protocol. */
  async call(id: string, path: string, body: JsonObject): Promise<Result<JsonObject>> {
    const answer = await this.post(id, path, body);
    if (!answer.ok) return answer;
    if (answer.value.status !== 200) return refusalOf('', answer.value.status);
    return ok(answer.value.body);
  }

  /**
   * Sends a request to what is behind the transfer. Problems: `peer.denied` when the provider refuses, `peer.busy` when
   * it can't answer now.
   *
   * @param maxBytes the largest answer accepted. @default 1 MiB
   */
  async post(
    id: string,
    path: string,
    body: JsonObject,
    { maxBytes, signal }: { readonly maxBytes?: number; readonly signal?: AbortSignal } = {},
  ): Promise<Result<PeerAnswer>> {
    const found = await this.#address(id);
    if (!found.ok) return found;
    const { record, endpoint, authorization } = found.value;
    const answer = await this.client.request({
      method: 'POST',
      url: `${endpoint}/${path}`,
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      timeout: 60_000,
      ...(maxBytes === undefined ? {} : { maxBytes }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (!answer.ok) return answer;
    const text = Buffer.from(answer.value.body).toString('utf8');
    const { status } = answer.value;
    if (status >= 300) return refusalOf(text, status);
    const parsed = parseJson(text);
    if (!parsed.ok || !isJsonObject(parsed.value))
      return refuse('peer.malformed', `${record.counterparty} gave no JSON answer.`);
    return ok({ status, body: parsed.value });
  }

  async #address(id: string): Promise<Result<{ record: TransferRecord; endpoint: string; authorization: string }>> {
    const found = await this.transfers.find(id);
    if (!found.ok) return found;
    const agreement = await this.agreements.find(found.value.agreementId);
    const end = agreement.ok ? endAt(agreement.value, this.clock.now()) : null;
    if (end !== null) return refuse('transfer.conflict', sentenceOfEnd(end));
    const address = consumerAddress(found.value.transfer);
    if (found.value.transfer.destination !== null)
      return refuse('transfer.conflict', 'The data of this transfer are pushed: they arrive without being fetched.');
    if (!address && 'termination' in found.value.transfer) {
      const { by, reason } = found.value.transfer.termination;
      const why = reason.filter((part) => typeof part === 'string').join(' ') || 'no reason was given';
      return refuse('transfer.conflict', `The transfer was terminated by the ${by}: ${why}`);
    }
    if (!address) {
      const { role, state, pending } = found.value.transfer;
      if (pending !== null && state === 'STARTED')
        return refuse(
          'transfer.conflict',
          `The transfer ${id} is about to change: its ${pending.message.type} is unanswered.`,
        );
      return refuse(
        'transfer.conflict',
        `The transfer ${id} is ${state} and this node is its ${role}: only the consumer of a STARTED transfer can use it.`,
      );
    }
    return ok({ record: found.value, ...address });
  }
}

/**
 * Where a consumer pulls from, and the `Authorization` header that it sends there. The data plane of Eclipse EDC, which
 * names its properties by IRIs, takes a token as it is, without a scheme. Null also while the consumer is about to pause
 * or end the transfer.
 */
export function consumerAddress(
  transfer: Transfer,
): { readonly endpoint: string; readonly authorization: string } | null {
  if (transfer.role !== 'consumer' || transfer.state !== 'STARTED' || transfer.pending !== null) return null;
  const { endpoint, properties = [] } = transfer.dataAddress ?? {};
  const named = (wanted: string) => properties.find(({ name }) => name === wanted)?.value;
  const [token, bare] = [named('authorization'), named(`${edcNamespace}authorization`)];
  const authorization = token === undefined ? bare : `Bearer ${token}`;
  return endpoint && authorization ? { endpoint, authorization } : null;
}

/** The provider's own words, when it refuses in RFC 9457 form. */
function refusalOf(text: string, status: number): Result<never> {
  const parsed = parseJson(text);
  const detail = parsed.ok && isJsonObject(parsed.value) ? parsed.value.detail : undefined;
  const kind = status === 429 || status >= 500 ? 'peer.busy' : 'peer.denied';
  return refuse(kind, typeof detail === 'string' ? detail : `The provider answered ${status}.`);
}

/** `sha-256=:base64:` of RFC 9530 as a digest of ours. */
export function statedDigest(header: string | undefined): Digest | null {
  const text = header ?? '';
  const encoded = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/=]+):/.exec(text)?.[1];
  return encoded === undefined ? null : `sha-256:${Buffer.from(encoded, 'base64').toString('hex')}`;
}

/** The last part of an id, which is safe in a path. */
export function fileName(id: string): string {
  return id.replace(/^.*:/, '').replace(/[^A-Za-z0-9-]/g, '_');
}
