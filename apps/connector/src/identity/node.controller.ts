import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '@hansa/platform';
import { Controller, Get, Inject, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../access/index.js';
import { type NodeConfig, packageRoot } from '../config/index.js';
import { CONFIG, DATABASE } from '../server/index.js';
import { NodeIdentity } from './node-identity.js';

@ApiTags('identity')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/node')
export class NodeController {
  readonly #version: string = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;

  constructor(
    private readonly identity: NodeIdentity,
    @Inject(CONFIG) private readonly config: NodeConfig,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who this node is' })
  show(): object {
    const { did, publicUrl } = this.identity;
    const { city, authority, redis } = this.config;
    const jobs = redis.url ? 'redis' : 'database';
    return { did, publicUrl, city, version: this.#version, authority, database: this.database.kind, jobs };
  }
}
