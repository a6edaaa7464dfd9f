import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { icon } from './components/emblem.js';
import { sendUnchanging } from './send.js';
import { stylesheet, stylesheetVersion } from './styles/stylesheet.js';

/** Seconds. The pages link to the style sheet by its version. */
const year = 365 * 24 * 3600;
const day = 24 * 3600;

/** What the pages are drawn with. */
@ApiExcludeController()
@Controller('assets')
export class AssetsController {
  @Get('hansa.css')
  stylesheet(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const [tag, body] = [stylesheetVersion, stylesheet];
    sendUnchanging(request, reply, { type: 'text/css; charset=utf-8', tag, maxAge: year, body });
  }

  @Get('hansa.svg')
  icon(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    sendUnchanging(request, reply, { type: 'image/svg+xml', tag: 'emblem-1', maxAge: day, body: icon });
  }
}
