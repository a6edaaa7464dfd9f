import { ModelCardInput } from '@hansa/inference';
import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../../access/index.js';
import { orThrow, PageQuery } from '../../server/index.js';
import { type DatasetScores, ScoreDataset } from '../inference/score-dataset.js';
import { Where } from '../inference/where.schema.js';
import type { HostedModel } from './hosted-model.js';
import { Models } from './models.js';
import { RegisterModel } from './register-model.js';

const NewModelInput = z
  .strictObject({
    path: z.string().min(1).describe('An ONNX file on the machine of the node'),
    card: ModelCardInput,
  })
  .meta({ id: 'NewModel' });
type NewModelInput = z.infer<typeof NewModelInput>;

const ScoreInput = z.strictObject({ datasetId: z.string().min(1), where: Where }).meta({ id: 'ScoreRequest' });
type ScoreInput = z.infer<typeof ScoreInput>;

@ApiTags('models')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/models')
export class ModelsController {
  constructor(
    private readonly models: Models,
    private readonly registerModel: RegisterModel,
    private readonly scoreDataset: ScoreDataset,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Hosts an ONNX model: inspected, loaded once, and kept under its digest' })
  async register(@Body({ schema: NewModelInput }) input: NewModelInput): Promise<HostedModel> {
    return orThrow(await this.registerModel.run(input));
  }

  @Get()
  @ApiOperation({ summary: 'The models that this node hosts, newest first' })
  async list(@Query({ schema: PageQuery }) { limit, offset }: PageQuery): Promise<object> {
    const items = await this.models.list(limit, offset);
    return { items, ...(items.length === limit ? { next: offset + limit } : {}) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One model: its card, and what goes in and comes out' })
  async one(@Param('id') id: string): Promise<HostedModel> {
    return orThrow(await this.models.find(id));
  }

  @Post(':id/score')
  @HttpCode(200)
  @ApiOperation({ summary: 'Runs a model over a local dataset and counts its decisions' })
  async score(@Param('id') id: string, @Body({ schema: ScoreInput }) input: ScoreInput): Promise<DatasetScores> {
    return orThrow(await this.scoreDataset.run(id, input.datasetId, input.where));
  }
}
