import { catalog, dataset, type Offer, parseFilter, parseMessage, versionDocument } from '@hansa/dsp';
import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CounterpartyGuard, NodeIdentity } from '../identity/index.js';
import { orThrow, ProblemError } from '../server/index.js';
import { continuouslyUpdated, formatsOf } from './dataset.js';
import { Datasets, type OfferedDataset } from './datasets.js';

export const dspBasePath = '/dsp/2025-1';
const pageSize = 100;

@ApiTags('dataspace protocol')
@Controller()
export class DspVersionController {
  constructor(private readonly identity: NodeIdentity) {}

  @Get('.well-known/dspace-version')
  @ApiOperation({ summary: 'The protocol versions that this node speaks (DSP 2025-1 §4.3)' })
  versions(): JsonObject {
    return versionDocument({ path: dspBasePath, serviceId: this.identity.did });
  }
}

/** The catalogue endpoints of DSP 2025-1. */
@ApiTags('dataspace protocol')
@UseGuards(CounterpartyGuard)
@Controller('dsp/2025-1/catalog')
export class DspCatalogController {
  constructor(
    private readonly datasets: Datasets,
    private readonly identity: NodeIdentity,
  ) {}

  @Post('request')
  @HttpCode(200)
  @ApiOperation({
    summary: 'The datasets on offer that fit the filter; the next page, of the same filter, is in the Link header',
  })
  async request(
    @Body() body: unknown,
    @Query('after') after: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JsonObject> {
    const message = orThrow(parseMessage('CatalogRequestMessage', body));
    const conditions = orThrow(parseFilter(message.filter));
    const { items, next } = await this.datasets.offered(after, pageSize, conditions);
    if (next !== null) {
      const url = `${this.#endpoint}/catalog/request?after=${encodeURIComponent(next)}`;
      void reply.header('link', `<${url}>; rel="next"`);
    }
    const { did, publicUrl } = this.identity;
    return catalog({
      id: `${publicUrl}${dspBasePath}/catalog`,
      participantId: did,
      endpoint: this.#endpoint,
      datasets: items.map(described),
    });
  }

  @Get('datasets/:id')
  @ApiOperation({ summary: 'One dataset with its offers' })
  async dataset(@Param('id') id: string): Promise<JsonObject> {
    const found = await this.datasets.find(id);
    const offers = found.ok ? await this.datasets.offersOf([id]) : [];
    if (!found.ok || offers.length === 0)
      throw new ProblemError({ kind: 'catalog.not-found', detail: `There is no dataset ${id} on offer.` });
    return dataset({ ...described({ dataset: found.value, offers }), endpoint: this.#endpoint });
  }

  get #endpoint(): string {
    return `${this.identity.publicUrl}${dspBasePath}`;
  }
}

/** A dataset in the words of DCAT 3 and Dublin Core. */
function described({ dataset, offers }: OfferedDataset) {
  const { id, title, description, keywords, publisher, licence, intervalSeconds } = dataset;
  const properties = {
    ...(keywords.length > 0 ? { 'dcat:keyword': keywords } : {}),
    ...(publisher === null ? {} : { 'dct:publisher': publisher }),
    ...(licence === null ? {} : { 'dct:license': licence }),
    ...(intervalSeconds === null ? {} : { 'dct:accrualPeriodicity': { '@id': continuouslyUpdated } }),
  };
  const policies = offers.map((offer) => offer.policy as Offer);
  return { id, title, description, offers: policies, formats: formatsOf(dataset), properties };
}
