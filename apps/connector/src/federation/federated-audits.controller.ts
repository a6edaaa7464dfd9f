import { AuditPlanInput } from '@hansa/fair';
import type { JsonObject } from '@hansa/kernel';
import { Body, Controller, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard } from '../access/index.js';
import { type Audit, Audits, CountingInput, shownAudit } from '../governance/index.js';
import { orThrow, ProblemError } from '../server/index.js';
import { AuditCities } from './audit-cities.js';
import { PlanFederation } from './plan-federation.js';

const NewFederatedAudit = z
  .strictObject({
    plan: AuditPlanInput,
    cities: z
      .array(
        CountingInput.extend({ agreementId: z.string().min(1).describe('The agreement that the city counts under') }),
      )
      .min(1)
      .max(100),
    minimumCities: z.int().min(1).optional().describe('How many must hand out their counts; without it all of them'),
    minimumCell: z.int().min(1).optional().describe('Counts below this are withheld; a city may ask for more'),
    waitSeconds: z.number().min(1).max(604_800).default(3600).describe('Seconds for which a city is waited for'),
  })
  .meta({ id: 'NewFederatedAudit' });
type NewFederatedAudit = z.infer<typeof NewFederatedAudit>;

/** Audits of several cities, each of which counts its own rows. */
@ApiTags('audits')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/federated-audits')
export class FederatedAuditsController {
  constructor(
    private readonly planFederation: PlanFederation,
    private readonly audits: Audits,
    private readonly cities: AuditCities,
  ) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Fixes an audit of several cities under a plan, puts it on record and asks them to count' })
  async plan(@Body({ schema: NewFederatedAudit }) input: NewFederatedAudit): Promise<JsonObject> {
    return this.#shown(orThrow(await this.planFederation.run(input)));
  }

  @Get(':id')
  @ApiOperation({ summary: 'One audit of several cities: how far each city is, the verdict and the reasons' })
  async one(@Param('id') id: string): Promise<JsonObject> {
    return this.#shown(orThrow(await this.audits.find(id)));
  }

  async #shown(audit: Audit): Promise<JsonObject> {
    const { subject, id } = audit;
    if (subject.kind !== 'federation')
      throw new ProblemError({ kind: 'audit.not-found', detail: `The audit ${id} is of this node alone.` });
    const states = await this.cities.of(id);
    const cities = subject.cities.map((city, i) => ({ ...city, ...states[i]?.state }));
    return { ...shownAudit(audit), cities: JSON.parse(JSON.stringify(cities)) };
  }
}
