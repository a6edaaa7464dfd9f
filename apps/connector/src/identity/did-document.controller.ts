import { hansaContext } from '@hansa/dcp';
import type { JsonObject } from '@hansa/kernel';
import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { NodeIdentity } from './node-identity.js';

@ApiTags('identity')
@Controller()
export class DidDocumentController {
  constructor(private readonly identity: NodeIdentity) {}

  @Get('.well-known/did.json')
  @Header('content-type', 'application/did+json')
  @Header('cache-control', 'public, max-age=300')
  @ApiOperation({ summary: 'The DID document of this node' })
  document(): JsonObject {
    return this.identity.publishedDocument;
  }

  @Get('contexts/v1.jsonld')
  @Header('content-type', 'application/ld+json')
  @Header('cache-control', 'public, max-age=86400')
  @ApiOperation({ summary: 'The JSON-LD context of the credentials that this node signs' })
  context(): object {
    return hansaContext;
  }
}
