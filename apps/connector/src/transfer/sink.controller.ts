import type { Readable } from 'node:stream';
import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, HttpCode, Param, Post, Put, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { orThrow } from '../server/index.js';
import { type PushHeaders, ReceivePush } from './receive-push.js';

/** Where providers bring data to, under the address and the token that the request of a transfer gave them. */
@ApiTags('data plane')
@Controller('data/received')
export class SinkController {
  constructor(private readonly receive: ReceivePush) {}

  @Post(':transfer')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Brings the data of a transfer, in any media type; the answer tells the digest that arrived',
  })
  post(@Param('transfer') id: string, @Req() request: FastifyRequest, @Body() body: Readable): Promise<JsonObject> {
    return this.#accept(id, request, body);
  }

  @Put(':transfer')
  @ApiOperation({ summary: 'The same as POST' })
  put(@Param('transfer') id: string, @Req() request: FastifyRequest, @Body() body: Readable): Promise<JsonObject> {
    return this.#accept(id, request, body);
  }

  async #accept(id: string, { raw }: FastifyRequest, body: Readable): Promise<JsonObject> {
    // The headers as they came: a streamed body has lost its media type on the way here.
    const received = await this.receive.accept(id, raw.headers as PushHeaders, body);
    const { digest, bytes, rows } = orThrow(received).content;
    return { digest, bytes, rows };
  }
}
