import {
  parseCredentialMessage,
  parseCredentialOffer,
  parsePresentationQuery,
  presentationResponse,
  verifyAccessToken,
} from '@hansa/dcp';
import type { Clock, JsonObject } from '@hansa/kernel';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CLOCK, orThrow, ProblemError } from '../../server/index.js';
import { NodeIdentity } from '../node-identity.js';
import { Trust } from '../trust.js';
import { Wallet } from './wallet.js';

/** The Credential Service of DCP 1.0: where verifiers ask for credentials, and issuers deliver them. */
@ApiTags('decentralized claims protocol')
@Controller('dcp/credentials')
export class CredentialServiceController {
  constructor(
    private readonly wallet: Wallet,
    private readonly trust: Trust,
    private readonly identity: NodeIdentity,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post('presentations/query')
  @HttpCode(200)
  @ApiOperation({ summary: 'Presents credentials to a verifier that we sent a message to (DCP 1.0 §5.4)' })
  async query(@Headers('authorization') authorization: string | undefined, @Body() body: unknown): Promise<JsonObject> {
    const query = parsePresentationQuery(body);
    if (!query.ok) {
      const unsupported = query.problem.kind === 'presentation-query.definition-unsupported';
      throw new ProblemError(query.problem, unsupported ? 501 : 400);
    }
    const token = orThrow(await this.trust.verifyToken(authorization, 'required'), 401);
    const presenter = token.issuer;
    const check = { document: this.identity.document, presenter, now: this.clock.now() };
    const grant = orThrow(await verifyAccessToken(token.accessToken, check), 401);
    return presentationResponse(orThrow(await this.wallet.present(presenter, query.value.scopes, grant.scopes)));
  }

  @Post('credentials')
  @HttpCode(200)
  @ApiOperation({ summary: 'Takes credentials that we asked an issuer for (DCP 1.0 §6.5)' })
  async store(@Headers('authorization') authorization: string | undefined, @Body() body: unknown): Promise<void> {
    const token = orThrow(await this.trust.verifyToken(authorization), 401);
    const delivery = orThrow(parseCredentialMessage(body));
    orThrow(await this.wallet.receive(token.issuer, delivery));
  }

  @Post('offers')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Takes notice of an offer of credentials; the operator decides whether to ask (DCP 1.0 §6.6)',
  })
  async offer(@Headers('authorization') authorization: string | undefined, @Body() body: unknown): Promise<void> {
    const token = orThrow(await this.trust.verifyToken(authorization), 401);
    const offer = orThrow(parseCredentialOffer(body));
    if (offer.issuer !== token.issuer)
      throw new ProblemError({
        kind: 'credential.issuer-mismatch',
        detail: 'The offer names another issuer than the token.',
      });
  }
}
