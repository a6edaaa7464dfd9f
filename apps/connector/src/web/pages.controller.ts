import { Controller, Get, Param, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { orThrow } from '../server/index.js';
import { PageFilter } from './page.filter.js';
import { auditPage } from './pages/audit/audit.js';
import { datasetPage } from './pages/dataset.js';
import { homePage } from './pages/home.js';
import { modelPage } from './pages/model.js';
import { PublicPages } from './public-pages.js';
import { sendPage } from './send.js';

/** The public pages: plain HTML, for people. */
@ApiExcludeController()
@UseFilters(PageFilter)
@Controller()
export class PagesController {
  constructor(private readonly pages: PublicPages) {}

  @Get()
  async home(@Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, 200, homePage(await this.pages.home()));
  }

  @Get('datasets/:id')
  async dataset(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, 200, datasetPage(orThrow(await this.pages.dataset(id))));
  }

  @Get('models/:id')
  async model(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, 200, modelPage(orThrow(await this.pages.model(id))));
  }

  @Get('audits/:id')
  async audit(@Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    sendPage(reply, 200, auditPage(orThrow(await this.pages.audit(id))));
  }
}
