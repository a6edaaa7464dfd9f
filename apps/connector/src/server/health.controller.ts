import type { Metrics } from '@hansa/platform';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { HealthChecks } from './health-checks.js';
import { METRICS } from './tokens.js';

@ApiTags('operation')
@Controller()
export class HealthController {
  constructor(
    private readonly checks: HealthChecks,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process runs' })
  live(): { status: string } {
    return { status: 'up' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'The node can do its work: every part that it needs answers' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const report = await this.checks.run();
    if (report.status === 'down') void reply.status(503);
    return report;
  }

  @Get('metrics')
  @ApiOperation({ summary: 'Measurements in the text format of Prometheus' })
  async scrape(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const { contentType, body } = await this.metrics.render();
    void reply.type(contentType);
    return body;
  }
}
