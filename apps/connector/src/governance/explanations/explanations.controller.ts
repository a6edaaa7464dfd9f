import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../../access/index.js';
import { orThrow } from '../../server/index.js';
import { ExplanationService } from './explanation-service.js';

const ExplanationInput = z
  .strictObject({
    modelId: z.string().min(1),
    datasetId: z.string().min(1).describe('The local dataset that holds the case'),
    key: z.strictObject({ column: z.string().min(1), value: z.union([z.string(), z.number(), z.boolean()]) }),
    background: z
      .string()
      .min(1)
      .optional()
      .describe("The dataset to compare with; by default that of the model's card"),
    publish: z.boolean().default(false).describe("Shows the explanation, with the case, on the model's public page"),
  })
  .meta({ id: 'ExplanationRequest' });
type ExplanationInput = z.infer<typeof ExplanationInput>;

@ApiTags('explanations')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/explanations')
export class ExplanationsController {
  constructor(private readonly explanations: ExplanationService) {}

  @Post()
  @ApiOperation({ summary: 'Why a model decides as it does in one case: Shapley contributions of its features' })
  async explain(@Body({ schema: ExplanationInput }) input: ExplanationInput): Promise<JsonObject> {
    return orThrow(await this.explanations.explainLocal(input));
  }
}
