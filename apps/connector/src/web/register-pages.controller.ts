import {
  AuditReportDocument,
  atsDomains,
  atsRiskCategories,
  atsStatuses,
  exportSchemas,
  RegisterEntryInput,
  RegisterOverview,
} from '@hansa/fair';
import { digestOf } from '@hansa/kernel';
import { Controller, Get, Param, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { FormatInput } from '../governance/index.js';
import { orThrow, ProblemError } from '../server/index.js';
import { preferredForm } from './accepts.js';
import { PageFilter } from './page.filter.js';
import { overviewPage } from './pages/overview.js';
import { registerPage } from './pages/register.js';
import { systemPage } from './pages/system.js';
import { PublicRegisterPages } from './public-register-pages.js';
import { registerDocument, systemDocument } from './register-json.js';
import type { SystemView } from './register-view.js';
import { sendData, sendPage, sendUnchanging } from './send.js';

const chosen = (values: readonly string[]) => z.enum(values).nullable().catch(null);

/** A link with an unknown value still leads to the register. */
const RegisterQuery = z.object({
  sort: z.enum(['name', 'verdict', 'date']).catch('name'),
  verdict: z.enum(['pass', 'fail', 'insufficient-data', 'revoked', 'none']).nullable().catch(null),
  domain: chosen(atsDomains),
  status: chosen(atsStatuses),
  risk: chosen(atsRiskCategories),
});
type RegisterQuery = z.infer<typeof RegisterQuery>;

const AtQuery = z.object({ at: z.iso.datetime({ offset: true }).optional() });
type AtQuery = z.infer<typeof AtQuery>;

const pageFirst = ['text/html', 'application/json'] as const;
const dataFirst = ['application/json', 'text/html'] as const;

/** The algorithm register for everybody: pages, and the same as data for whoever asks for JSON. */
@ApiTags('register')
@UseFilters(PageFilter)
@Controller()
export class RegisterPagesController {
  constructor(private readonly pages: PublicRegisterPages) {}

  @Get('register')
  @ApiOperation({ summary: 'The algorithm register, as a page or as JSON by Accept; public' })
  async list(
    @Query({ schema: RegisterQuery }) { verdict: standing, ...choice }: RegisterQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const view = await this.pages.list({ ...choice, standing });
    if (preferredForm(request.headers.accept, pageFirst) === 'text/html') sendPage(reply, 200, registerPage(view));
    else sendData(reply, registerDocument(view));
  }

  @Get('register/:id')
  @ApiOperation({ summary: 'One system: its newest version, or the one that stood at a moment (at); public' })
  async system(
    @Param('id') id: string,
    @Query({ schema: AtQuery }) { at }: AtQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const choice = at === undefined ? {} : { at: new Date(at) };
    send(orThrow(await this.pages.system(id, choice)), request, reply);
  }

  @Get('register/:id/versions/:number')
  @ApiOperation({ summary: 'One version of a system, as it was published; public' })
  async version(
    @Param('id') id: string,
    @Param('number') number: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    send(orThrow(await this.pages.system(id, { number: Number(number) })), request, reply);
  }

  @Get('.well-known/algorithm-register')
  @ApiOperation({ summary: 'Does it use AI, what do the algorithms do, who certified them (OASC MIM5); public' })
  async overview(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const overview = await this.pages.overview();
    if (preferredForm(request.headers.accept, dataFirst) === 'application/json') sendData(reply, overview);
    else sendPage(reply, 200, overviewPage(this.pages.node, overview));
  }
}

function send(view: SystemView, request: FastifyRequest, reply: FastifyReply): void {
  if (preferredForm(request.headers.accept, pageFirst) === 'text/html') sendPage(reply, 200, systemPage(view));
  else sendData(reply, systemDocument(view));
}

/** The forms of the register's documents, by the name of their file. */
const schemas: Readonly<Record<string, z.ZodType>> = {
  entry: RegisterEntryInput,
  overview: RegisterOverview,
  'audit-report': AuditReportDocument,
  ...exportSchemas,
};

/** Seconds. A schema changes with the node's release. */
const maxAge = 3600;

/** What programs get of the register: entries in other forms, and the schemas of all forms. */
@ApiTags('register')
@Controller('register')
export class RegisterFilesController {
  constructor(private readonly pages: PublicRegisterPages) {}

  @Get(':id/exports/:format')
  @ApiOperation({ summary: 'The newest version of a system in another form; public' })
  async export(
    @Param('id') id: string,
    @Param('format', { schema: FormatInput }) format: FormatInput,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { mediaType, extension, body } = orThrow(await this.pages.export(id, format));
    void reply
      .type(`${mediaType}; charset=utf-8`)
      .header('cache-control', 'no-cache')
      .header('x-content-type-options', 'nosniff')
      .header('content-disposition', `inline; filename="${format}.${extension}"`)
      .send(body);
  }

  @Get('schemas/:file')
  @ApiOperation({ summary: 'The JSON Schema of a document of the register; public' })
  schema(@Param('file') file: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const name = file.replace(/\.schema\.json$/, '');
    const form = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    if (!form || name === file)
      throw new ProblemError({
        kind: 'register.not-found',
        detail: `There is no such schema. There are ${Object.keys(schemas).join(', ')}, each with .schema.json.`,
      });
    const body = `${JSON.stringify(z.toJSONSchema(form, { io: 'output' }), null, 2)}\n`;
    sendUnchanging(request, reply, {
      type: 'application/schema+json',
      tag: digestOf(new TextEncoder().encode(body)),
      maxAge,
      body,
    });
  }
}
