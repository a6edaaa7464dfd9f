import { Body, Controller, Get, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../../access/index.js';
import { DidInput, orThrow } from '../../server/index.js';
import { type CredentialRequestState, type HeldCredential, Wallet } from './wallet.js';

const CredentialRequestInput = z
  .strictObject({
    issuer: DidInput,
    types: z.array(z.string().min(1)).min(1).default(['MembershipCredential']),
  })
  .meta({ id: 'CredentialRequestInput' });
type CredentialRequestInput = z.infer<typeof CredentialRequestInput>;

@ApiTags('identity')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/credentials')
export class WalletController {
  constructor(private readonly wallet: Wallet) {}

  @Get()
  @ApiOperation({ summary: 'The credentials that this node holds' })
  async list(): Promise<{ items: readonly HeldCredential[] }> {
    return { items: await this.wallet.list() };
  }

  @Post('requests')
  @ApiOperation({ summary: 'Asks an issuer for credentials' })
  async request(
    @Body({ schema: CredentialRequestInput }) input: CredentialRequestInput,
  ): Promise<CredentialRequestState> {
    return orThrow(await this.wallet.request(input.issuer, input.types));
  }

  @Get('requests/:holderPid')
  @ApiOperation({ summary: 'How a request for credentials stands' })
  async state(@Param('holderPid') holderPid: string): Promise<CredentialRequestState> {
    return orThrow(await this.wallet.requestState(holderPid));
  }
}
