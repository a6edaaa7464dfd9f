import { createReadStream } from 'node:fs';
import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, Query, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../access/index.js';
import { orThrow, PageQuery } from '../server/index.js';
import { Consume, type Pull } from './consume.js';
import type { Received } from './received.schema.js';
import { ReceivedData } from './received-data.js';
import { ShowTransfer, shown } from './show-transfer.js';
import { type PushWish, TransferCommands } from './transfer-commands.js';
import { Transfers } from './transfers.js';

const DataFormat = z.enum(['csv', 'json', 'parquet', 'arrow']);

const PushInput = z
  .strictObject({
    format: DataFormat.default('csv').describe('what the data arrive as'),
    sink: z
      .strictObject({
        endpoint: z.url({ protocol: /^https?$/ }).max(2048),
        authorization: z.string().min(1).max(8000).optional().describe('the secret that opens the sink'),
        authType: z.enum(['bearer', 'basic']).default('bearer'),
        method: z.enum(['POST', 'PUT']).default('POST'),
      })
      .optional()
      .describe('where the provider brings the data to; without it to this node'),
  })
  .meta({ id: 'Push' });

const TransferInput = z
  .strictObject({
    agreementId: z.string().min(1),
    push: PushInput.optional().describe('the provider brings the data (HttpData-PUSH); without it they are fetched'),
  })
  .meta({ id: 'TransferStart' });
type TransferInput = z.infer<typeof TransferInput>;

const PullInput = z
  .strictObject({
    format: DataFormat.default('parquet'),
    complete: z
      .boolean()
      .default(false)
      .describe('completes the transfer when all has arrived, unless the data go on changing'),
  })
  .meta({ id: 'Pull' });
type PullInput = z.infer<typeof PullInput>;

const OptionalReason = z
  .strictObject({ reason: z.string().min(1).max(1000).optional() })
  .default({})
  .meta({ id: 'OptionalReason' });
type OptionalReason = z.infer<typeof OptionalReason>;

const ModelRequest = z.record(z.string(), z.json()).meta({ id: 'InferenceRequest' });
type ModelRequest = z.infer<typeof ModelRequest>;

@ApiTags('transfer')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/transfers')
export class ManagementTransferController {
  constructor(
    private readonly commands: TransferCommands,
    private readonly transfers: Transfers,
    private readonly consume: Consume,
    private readonly received: ReceivedData,
    private readonly show: ShowTransfer,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Asks the provider for what was agreed: to fetch it, or to have it brought' })
  async start(@Body({ schema: TransferInput }) input: TransferInput): Promise<object> {
    return shown(orThrow(await this.commands.start(input.agreementId, wishOf(input))));
  }

  @Get()
  @ApiOperation({ summary: 'Transfers of both roles, newest first' })
  async list(@Query({ schema: PageQuery }) { limit, offset }: PageQuery): Promise<object> {
    const items = await this.transfers.list(limit, offset);
    return { items: items.map(shown), ...(items.length === limit ? { next: offset + limit } : {}) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One transfer' })
  async one(@Param('id') id: string): Promise<object> {
    return this.show.one(orThrow(await this.transfers.find(id)));
  }

  @Get(':id/received')
  @ApiOperation({ summary: 'The data that a transfer has brought to this node, the latest first' })
  async arrivals(@Param('id') id: string): Promise<{ items: readonly Received[] }> {
    orThrow(await this.transfers.find(id));
    return { items: await this.received.of(id) };
  }

  @Get(':id/received/:received')
  @ApiOperation({ summary: 'The bytes of one arrival, or of the latest with `latest` in the place of its id' })
  async content(@Param('id') id: string, @Param('received') received: string): Promise<StreamableFile> {
    const { content } = orThrow(await this.consume.brought(id, received === 'latest' ? null : received));
    return new StreamableFile(createReadStream(content.path), { length: content.bytes });
  }

  @Post(':id/pull')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pulls the data into a file of this node and writes a receipt' })
  async pull(@Param('id') id: string, @Body({ schema: PullInput }) input: PullInput): Promise<Pull> {
    return orThrow(await this.consume.pull(id, input.format, input.complete));
  }

  @Post(':id/infer')
  @HttpCode(200)
  @ApiOperation({ summary: 'Asks the hosted model behind a transfer (Open Inference Protocol v2 request)' })
  async infer(@Param('id') id: string, @Body({ schema: ModelRequest }) input: ModelRequest): Promise<JsonObject> {
    return orThrow(await this.consume.call(id, 'v2/infer', input as JsonObject));
  }

  @Post(':id/explain')
  @HttpCode(200)
  @ApiOperation({ summary: 'Asks why the hosted model behind a transfer answers as it does' })
  async explain(@Param('id') id: string, @Body({ schema: ModelRequest }) input: ModelRequest): Promise<JsonObject> {
    return orThrow(await this.consume.call(id, 'v2/explain', input as JsonObject));
  }

  @Post(':id/suspend')
  @HttpCode(200)
  @ApiOperation({ summary: 'Suspends a transfer: its token stops working until it is resumed' })
  suspend(@Param('id') id: string, @Body({ schema: OptionalReason }) input: OptionalReason): Promise<object> {
    return this.#send(id, 'suspension', input);
  }

  @Post(':id/resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets a suspended transfer go on' })
  async resume(@Param('id') id: string): Promise<object> {
    return shown(orThrow(await this.commands.resume(id)));
  }

  @Post(':id/complete')
  @HttpCode(200)
  @ApiOperation({ summary: 'Tells the other side that the transfer is finished' })
  async complete(@Param('id') id: string): Promise<object> {
    return shown(orThrow(await this.commands.send(id, { move: 'completion' })));
  }

  @Post(':id/terminate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends a transfer for good' })
  terminate(@Param('id') id: string, @Body({ schema: OptionalReason }) input: OptionalReason): Promise<object> {
    return this.#send(id, 'termination', input);
  }

  async #send(id: string, move: 'suspension' | 'termination', { reason }: OptionalReason): Promise<object> {
    const intent = { move, code: 'operator', reason: reason === undefined ? [] : [reason] } as const;
    return shown(orThrow(await this.commands.send(id, intent)));
  }
}

function wishOf({ push }: TransferInput): PushWish | null {
  if (!push) return null;
  const { format, sink } = push;
  return sink ? { ...sink, format, authorization: sink.authorization ?? null } : { format };
}
