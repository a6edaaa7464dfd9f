import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { digestOfJson, isJsonObject, type JsonObject, must } from '@hansa/kernel';
import { parsePolicy } from '@hansa/odrl';
import { UnitOfWork } from '@hansa/platform';
import { mediaTypes, negotiateFormat } from '@hansa/tabular';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SourceFiles } from '../catalog/index.js';
import { ExplanationService, InferenceService } from '../governance/index.js';
import { Ledger } from '../ledger/index.js';
import { orThrow, ProblemError } from '../server/index.js';
import { Access, type Grant } from './access.js';
import { byteRange } from './byte-range.js';
import { OpenStreams } from './open-streams.js';
import { Representations, type StoredRepresentation } from './representations.js';

interface DataHeaders {
  readonly authorization?: string;
  readonly accept?: string;
  readonly range?: string;
  readonly 'if-range'?: string;
  readonly 'if-none-match'?: string;
}

/** What consumers pull under an agreement: data as files, and answers of hosted models. */
@ApiTags('data plane')
@Controller('data')
export class DataPlaneController {
  constructor(
    private readonly access: Access,
    private readonly sources: SourceFiles,
    private readonly representations: Representations,
    private readonly streams: OpenStreams,
    private readonly inference: InferenceService,
    private readonly explanations: ExplanationService,
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: Ledger,
  ) {}

  @Get(':transfer')
  @ApiOperation({
    summary: 'The data of a transfer as CSV, JSON, Parquet or Arrow, by Accept or by suffix; partial with Range',
  })
  async get(
    @Param('transfer') name: string,
    @Req() request: FastifyRequest,
    @Headers() headers: DataHeaders,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [id, suffix] = splitSuffix(name);
    const grant = orThrow(await this.access.grant(id, headers.authorization));
    const format = orThrow(negotiateFormat(headers.accept, suffix));
    const source = orThrow(await this.sources.fileOf(grant.dataset));
    const stored = orThrow(await this.representations.get(source, must(parsePolicy(grant.agreement.policy)), format));
    const etag = `"${stored.digest.slice('sha-256:'.length)}"`;
    describe(reply, stored, etag);
    if (headers['if-none-match']?.split(',').some((tag) => tag.trim() === etag || tag.trim() === '*')) {
      await reply.status(304).send();
      return;
    }
    const range = this.#range(reply, headers, stored, etag);
    const [first, last] = range ?? [0, stored.bytes - 1];
    void reply.header('content-length', last - first + 1);
    // Fastify serves HEAD by the handler of GET, and keeps our content-length only for a stream.
    if (request.method === 'HEAD') {
      await reply.send(Readable.from([]));
      return;
    }
    // The receipt is written first: no byte leaves without its entry.
    const { digest, bytes, rows } = stored;
    const released = { agreement: grant.agreement.id, digest, bytes, rows, format, range };
    const file = createReadStream(stored.file, { start: first, end: last });
    const stream = this.streams.follow(grant, file);
    try {
      // To make the representation may have taken long.
      orThrow(await this.access.confirm(grant));
      await this.#record(grant, 'data.released', released);
    } catch (error) {
      stream.destroy();
      throw error;
    }
    await reply.send(stream);
  }

  @Post(':transfer/v2/infer')
  @HttpCode(200)
  @ApiOperation({ summary: 'An answer of the hosted model behind a transfer (Open Inference Protocol v2)' })
  async infer(
    @Param('transfer') id: string,
    @Headers() headers: DataHeaders,
    @Body() body: unknown,
  ): Promise<JsonObject> {
    const grant = orThrow(await this.access.grant(id, headers.authorization));
    const answer = orThrow(await this.inference.infer(modelOf(grant), jsonObject(body)));
    await this.#record(grant, 'inference.answered', { rows: answer.rows });
    return answer.response;
  }

  @Post(':transfer/v2/explain')
  @HttpCode(200)
  @ApiOperation({ summary: 'Why the hosted model answers as it does: Shapley contributions for one request' })
  async explain(
    @Param('transfer') id: string,
    @Headers() headers: DataHeaders,
    @Body() body: unknown,
  ): Promise<JsonObject> {
    const grant = orThrow(await this.access.grant(id, headers.authorization));
    const explanation = orThrow(await this.explanations.explain(modelOf(grant), jsonObject(body)));
    await this.#record(grant, 'inference.explained', { digest: digestOfJson(explanation) });
    return explanation;
  }

  /** First and last byte of the part that is wanted, its headers set; null for the whole. */
  #range(
    reply: FastifyReply,
    headers: DataHeaders,
    stored: StoredRepresentation,
    etag: string,
  ): [number, number] | null {
    const wanted = headers['if-range'] === undefined || headers['if-range'] === etag ? headers.range : undefined;
    const range = byteRange(wanted, stored.bytes);
    if (range.kind === 'whole') return null;
    if (range.kind === 'unsatisfiable') {
      void reply.header('content-range', `bytes */${stored.bytes}`);
      const detail = `The representation has ${stored.bytes} bytes.`;
      throw new ProblemError({ kind: 'data.range-not-satisfiable', detail });
    }
    void reply.status(206).header('content-range', `bytes ${range.first}-${range.last}/${stored.bytes}`);
    return [range.first, range.last];
  }

  async #record({ transfer, agreement }: Grant, kind: string, data: JsonObject): Promise<void> {
    const subjects = [agreement.id, transfer.id, transfer.datasetId, transfer.counterparty];
    await this.unitOfWork.run((tx) => this.ledger.append(tx, { kind, subjects, data }));
  }
}

/** The representation's metadata: a strong validator, and its digest as RFC 9530 has it. */
function describe(reply: FastifyReply, stored: StoredRepresentation, etag: string): void {
  const hash = Buffer.from(stored.digest.slice('sha-256:'.length), 'hex').toString('base64');
  void reply.headers({
    'content-type': mediaTypes[stored.format],
    etag,
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    vary: 'accept, authorization',
    'repr-digest': `sha-256=:${hash}:`,
    'content-disposition': `attachment; filename="data.${stored.format}"`,
  });
}

function splitSuffix(name: string): readonly [string, string | undefined] {
  const match = /^(.+)\.([a-z]{1,10})$/.exec(name);
  return match?.[1] === undefined ? [name, undefined] : [match[1], match[2]];
}

function modelOf({ dataset }: Grant): string {
  if (dataset.source.kind === 'inference-service') return dataset.source.modelId;
  throw new ProblemError({ kind: 'data.no-model', detail: 'This transfer is about data; pull them with GET.' });
}

function jsonObject(body: unknown): JsonObject {
  if (isJsonObject(body)) return body;
  throw new ProblemError({ kind: 'request.invalid', detail: 'The body must be a JSON object.' });
}
