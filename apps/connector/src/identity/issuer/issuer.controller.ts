import { credentialStatusMessage, parseCredentialRequest } from '@hansa/dcp';
import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, Header, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { orThrow } from '../../server/index.js';
import { NodeIdentity } from '../node-identity.js';
import { Trust } from '../trust.js';
import { Issuer } from './issuer.js';

/** The Issuer Service of DCP 1.0 §6. */
@ApiTags('decentralized claims protocol')
@Controller('dcp/issuance')
export class IssuerController {
  constructor(
    @Inject(Issuer) private readonly issuer: Issuer,
    private readonly trust: Trust,
    private readonly identity: NodeIdentity,
  ) {}

  @Get('metadata')
  @ApiOperation({ summary: 'The credentials that this authority issues (DCP 1.0 §6.7)' })
  metadata(): JsonObject {
    return this.issuer.metadata();
  }

  @Post('credentials')
  @HttpCode(201)
  @ApiOperation({ summary: 'Takes a request for credentials; they are delivered later (DCP 1.0 §6.4)' })
  async request(
    @Headers('authorization') authorization: string | undefined,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = orThrow(await this.trust.verifyToken(authorization), 401);
    const request = orThrow(parseCredentialRequest(body));
    const { issuerPid } = orThrow(await this.issuer.receive(token.issuer, request));
    void reply.header('location', `${this.identity.publicUrl}/dcp/issuance/requests/${encodeURIComponent(issuerPid)}`);
  }

  @Get('requests/:issuerPid')
  @ApiOperation({ summary: 'How a request stands, for its requester (DCP 1.0 §6.8)' })
  async state(
    @Headers('authorization') authorization: string | undefined,
    @Param('issuerPid') issuerPid: string,
  ): Promise<JsonObject> {
    const token = orThrow(await this.trust.verifyToken(authorization), 401);
    return credentialStatusMessage(orThrow(await this.issuer.requestState(token.issuer, issuerPid)));
  }

  @Get('status-lists/1')
  @Header('content-type', 'application/vc+jwt')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({ summary: 'Which credentials are revoked (Bitstring Status List 1.0)' })
  statusList(): Promise<string> {
    return this.issuer.statusList();
  }
}
