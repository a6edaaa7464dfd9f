import type { FilterCondition } from '@hansa/dsp';
import { TableEngine } from '@hansa/tabular';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../access/index.js';
import { sentencesOf } from '../policy/index.js';
import { DidInput, orThrow } from '../server/index.js';
import type { Dataset, StoredOffer } from './dataset.js';
import { Datasets } from './datasets.js';
import { RulesInput, TermsInput } from './negotiation-rules.js';
import { PeerCatalog } from './peer-catalog.js';
import { Publish } from './publish.js';
import { SourceFiles } from './source-files.js';

const Format = z.enum(['csv', 'json', 'parquet', 'geojson']);

const NewDatasetInput = z
  .strictObject({
    title: z.string().min(1).max(300),
    description: z.string().max(5000).default(''),
    keywords: z.array(z.string().min(1).max(100)).max(50).default([]),
    publisher: z.string().max(300).nullable().default(null),
    licence: z.string().max(300).nullable().default(null),
    source: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('file'), path: z.string().min(1), format: Format.optional() }),
      z.strictObject({ kind: z.literal('http'), url: z.string().min(1), format: Format.optional() }),
      z.strictObject({ kind: z.literal('inference-service'), modelId: z.string().min(1) }),
    ]),
    finite: z
      .boolean()
      .default(true)
      .describe('false: the data go on changing, so a transfer of them goes on until one side ends it'),
    intervalSeconds: z
      .int()
      .min(5)
      .max(86_400)
      .default(60)
      .describe('of data that are not finite: seconds between two looks, by which changes are pushed'),
  })
  .meta({ id: 'NewDataset' });
type NewDatasetInput = z.infer<typeof NewDatasetInput>;

const offered = { datasetId: z.string().min(1), negotiation: RulesInput.optional() };
const NewOfferInput = z
  .union([TermsInput.options[0].extend(offered), TermsInput.options[1].extend(offered)])
  .meta({ id: 'NewOffer' });
type NewOfferInput = z.infer<typeof NewOfferInput>;

const FilterValues = z.array(z.string().min(1).max(300)).min(1).max(100);

const CatalogRequestInput = z
  .strictObject({
    counterparty: DidInput,
    filter: z
      .strictObject({
        keyword: FilterValues.describe('Datasets with one of these keywords'),
        publisher: FilterValues.describe('Datasets of one of these publishers'),
        licence: FilterValues.describe('Datasets under one of these licences'),
        title: FilterValues.describe('Datasets with one of these titles'),
        text: FilterValues.describe('Datasets with words that begin so, in title, description or keywords'),
      })
      .partial()
      .default({}),
    next: z.string().optional().describe('The `next` of the page before, asked for with the same filter'),
  })
  .meta({ id: 'CatalogRequest' });
type CatalogRequestInput = z.infer<typeof CatalogRequestInput>;

const Page = z.object({
  after: z.string().optional().describe('The `next` of the page before'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
type Page = z.infer<typeof Page>;

const PreviewQuery = z.object({ rows: z.coerce.number().int().min(1).max(1000).default(20) });
type PreviewQuery = z.infer<typeof PreviewQuery>;

@ApiTags('catalogue')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1')
export class ManagementCatalogController {
  constructor(
    private readonly datasets: Datasets,
    private readonly publish: Publish,
    private readonly peers: PeerCatalog,
    private readonly sources: SourceFiles,
    private readonly tables: TableEngine,
  ) {}

  @Get('datasets')
  @ApiOperation({ summary: 'The datasets of this node' })
  async list(@Query({ schema: Page }) { after, limit }: Page): Promise<object> {
    const items = await this.datasets.list(after, limit);
    const last = items.at(-1);
    return { items, ...(items.length === limit && last ? { next: last.id } : {}) };
  }

  @Post('datasets')
  @ApiOperation({ summary: 'Registers a dataset: a file, a URL, or a hosted model as a service' })
  async register(@Body({ schema: NewDatasetInput }) input: NewDatasetInput): Promise<Dataset> {
    return orThrow(await this.publish.register(input));
  }

  @Get('datasets/:id')
  @ApiOperation({ summary: 'One dataset' })
  async one(@Param('id') id: string): Promise<Dataset> {
    return orThrow(await this.datasets.find(id));
  }

  @Get('datasets/:id/preview')
  @ApiOperation({ summary: 'The first rows' })
  async preview(@Param('id') id: string, @Query({ schema: PreviewQuery }) query: PreviewQuery): Promise<object> {
    const file = orThrow(await this.sources.fileOf(orThrow(await this.datasets.find(id))));
    return orThrow(await this.tables.previewRows(file, query.rows));
  }

  @Delete('datasets/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Removes a dataset and its offers; the data and agreements stay where they are' })
  async remove(@Param('id') id: string): Promise<void> {
    orThrow(await this.publish.remove(id));
  }

  @Get('offers')
  @ApiOperation({ summary: 'The offers of this node, by dataset' })
  async offers(@Query({ schema: Page }) { after, limit }: Page): Promise<object> {
    const page = await this.datasets.offered(after, limit);
    const items = page.items.flatMap(({ offers }) => offers.map(shown));
    return { items, ...(page.next === null ? {} : { next: page.next }) };
  }

  @Post('offers')
  @ApiOperation({ summary: 'Offers a dataset under a policy template or a policy of your own' })
  async offer(@Body({ schema: NewOfferInput }) input: NewOfferInput): Promise<object> {
    const { datasetId, negotiation, ...terms } = input;
    return shown(orThrow(await this.publish.offer({ datasetId, terms, negotiation })));
  }

  @Delete('offers/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Withdraws an offer; agreements made under it stay' })
  async withdraw(@Param('id') id: string): Promise<void> {
    orThrow(await this.publish.withdraw(id));
  }

  @Post('catalog/request')
  @HttpCode(200)
  @ApiOperation({ summary: 'What another participant offers' })
  async browse(@Body({ schema: CatalogRequestInput }) input: CatalogRequestInput): Promise<object> {
    const page = orThrow(await this.peers.browse(input.counterparty, conditionsOf(input.filter), input.next));
    const datasets = page.datasets.map(({ offers, distributions, ...dataset }) => ({
      ...dataset,
      formats: distributions.map((distribution) => distribution.format),
      offers: offers.map((policy) => ({ id: policy['@id'], policy, sentences: sentencesOf(policy) })),
    }));
    const { participantId, address, broken, next } = page;
    return { participantId, address, datasets, broken, ...(next === null ? {} : { next }) };
  }
}

function shown(offer: StoredOffer): object {
  return { ...offer, sentences: sentencesOf(offer.policy) };
}

function conditionsOf({ licence: license, ...filter }: CatalogRequestInput['filter']): readonly FilterCondition[] {
  const asked = Object.entries({ ...filter, license }) as [FilterCondition['operand'], readonly string[] | undefined][];
  return asked.flatMap(([operand, anyOf]) => (anyOf ? [{ operand, anyOf }] : []));
}
