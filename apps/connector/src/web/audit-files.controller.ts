import { digestOf } from '@hansa/kernel';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditReports } from '../governance/index.js';
import { orThrow } from '../server/index.js';
import { AuditPdfs } from './audit-pdfs.js';
import { sendUnchanging } from './send.js';

/** Seconds. A report never changes; that an audit was revoked stands in the status list. */
const maxAge = 3600;
/** Seconds. A further signature or an answer may come at any time. */
const growing = 60;

/** Report and credential of an audit, for everybody who wants to check them. */
@ApiTags('audits')
@Controller('audits/:id')
export class AuditFilesController {
  constructor(
    private readonly reports: AuditReports,
    private readonly pdfs: AuditPdfs,
  ) {}

  @Get('report.json')
  @ApiOperation({ summary: 'The report in canonical JSON: the bytes that its digest covers; public' })
  async report(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { audit, reportText: body } = orThrow(await this.reports.audit(id));
    const tag = audit.state.outcome.reportDigest;
    sendUnchanging(request, reply, { type: 'application/json', tag, maxAge, body });
  }

  @Get('report.pdf')
  @ApiOperation({ summary: 'The report for print and archive, with report and credential enclosed; public' })
  async pdf(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const published = orThrow(await this.reports.audit(id));
    const tag = `pdf-${digestOf(`${published.reportText}\n${published.credentialText}`)}`;
    const body = await this.pdfs.of(tag, published);
    sendUnchanging(request, reply, { type: 'application/pdf', tag, maxAge: growing, body });
  }

  @Get('findings.json')
  @ApiOperation({ summary: 'The findings, with who answers for each, until when, and what came of it; public' })
  async findings(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { answers } = orThrow(await this.reports.audit(id));
    const body = JSON.stringify({ items: answers });
    sendUnchanging(request, reply, { type: 'application/json', tag: digestOf(body), maxAge: growing, body });
  }

  @Get('credential.json')
  @ApiOperation({ summary: 'The signed W3C credential about the report; public' })
  async credential(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { credentialText: body } = orThrow(await this.reports.audit(id));
    sendUnchanging(request, reply, { type: 'application/vc', tag: digestOf(body), maxAge: growing, body });
  }
}
