import type { Problem, Result } from '@hansa/kernel';
import { ok, refuse } from '@hansa/kernel';
import { type DeadMessage, type Outage, Outages, Outbox, UnitOfWork } from '@hansa/platform';
import { Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../access/index.js';
import { frozenType } from '../metrics/index.js';
import { orThrow } from '../server/index.js';

/** A message that was given up, as an operator sees it. What it says stays inside: it may hold a token. */
interface GivenUp extends Omit<DeadMessage, 'body' | 'probe'> {
  readonly type: string;
}

@ApiTags('operation')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/deliveries')
export class DeliveriesController {
  constructor(
    private readonly outbox: Outbox,
    private readonly outages: Outages,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  @Get('outages')
  @ApiOperation({ summary: 'Counterparties that cannot be reached, and when they are tried again' })
  async away(): Promise<{ items: readonly Outage[] }> {
    return { items: await this.outages.list() };
  }

  @Get('dead')
  @ApiOperation({ summary: 'Messages that were given up because their receiver could not be reached' })
  async dead(): Promise<{ items: readonly GivenUp[] }> {
    const dead = await this.outbox.dead();
    return { items: dead.map(({ body, probe: _, ...message }) => ({ ...message, type: frozenType(body) })) };
  }

  @Post('dead/redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sends all messages again that were given up' })
  async redriveAll(): Promise<{ redriven: number }> {
    return { redriven: await this.outbox.redrive() };
  }

  @Post('dead/:id/redrive')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sends a message again that was given up' })
  async redrive(@Param('id') id: string): Promise<{ redriven: number }> {
    const redriven = isNumber(id) ? await this.outbox.redrive(id) : 0;
    return orThrow(redriven === 0 ? unknown(id) : ok({ redriven }));
  }

  @Delete('dead/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Withdraws a message that was given up; its process stays where it is' })
  async withdraw(@Param('id') id: string): Promise<void> {
    const withdrawn =
      isNumber(id) &&
      (await this.unitOfWork.run((tx) => this.outbox.withdraw(tx, id, 'An operator has withdrawn it.')));
    orThrow(withdrawn ? ok(null) : unknown(id));
  }
}

const isNumber = (id: string): boolean => /^\d{1,18}$/.test(id);

function unknown(id: string): Result<never, Problem<'delivery.not-found'>> {
  return refuse('delivery.not-found', `No message ${id} was given up. GET /management/v1/deliveries/dead names them.`);
}
