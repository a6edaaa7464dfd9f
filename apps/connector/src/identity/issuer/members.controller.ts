import { type Did, isDid, type JsonObject } from '@hansa/kernel';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../../access/index.js';
import { orThrow, ProblemError } from '../../server/index.js';
import { type IssuedCredential, Issuer, type Member } from './issuer.js';

const MemberInput = z
  .strictObject({
    claims: z
      .object({
        city: z.string().min(1).optional(),
        country: z
          .string()
          .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code such as BE')
          .optional(),
      })
      .catchall(z.json())
      .default({}),
  })
  .meta({ id: 'MemberInput' });
type MemberInput = z.infer<typeof MemberInput>;

@ApiTags('authority')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/issuer')
export class MembersController {
  constructor(@Inject(Issuer) private readonly issuer: Issuer) {}

  @Get('members')
  @ApiOperation({ summary: 'The participants that may hold a membership credential' })
  async members(): Promise<{ items: readonly Member[] }> {
    return { items: await this.issuer.members() };
  }

  @Put('members/:did')
  @HttpCode(204)
  @ApiOperation({ summary: 'Admits a participant, or changes what its credential will say' })
  async admit(@Param('did') did: string, @Body({ schema: MemberInput }) input: MemberInput): Promise<void> {
    await this.issuer.admit({ did: didOf(did), claims: input.claims as JsonObject });
  }

  @Delete('members/:did')
  @HttpCode(204)
  @ApiOperation({ summary: 'Ends a membership, and revokes its credentials for good' })
  async remove(@Param('did') did: string): Promise<void> {
    orThrow(await this.issuer.remove(didOf(did)));
  }

  @Get('credentials')
  @ApiOperation({ summary: 'The credentials issued so far' })
  async issued(): Promise<{ items: readonly IssuedCredential[] }> {
    return { items: await this.issuer.issued() };
  }

  @Post('credentials/:id/revoke')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes a credential, for good' })
  async revoke(@Param('id') id: string): Promise<void> {
    orThrow(await this.issuer.revoke(id));
  }
}

function didOf(text: string): Did {
  if (isDid(text)) return text;
  throw new ProblemError({ kind: 'did.malformed', detail: `"${text}" is not a DID.` });
}
