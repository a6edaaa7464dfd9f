import { type RegisterEntry, RegisterEntryInput, requireComplete } from '@hansa/fair';
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AdminGuard, CurrentPerson, type Person } from '../../access/index.js';
import { orThrow, PageQuery, ReasonInput } from '../../server/index.js';
import { EditRegister } from './edit-register.js';
import { FormatInput } from './format-input.js';
import { PublicRegister, versionChanges } from './public-register.js';
import { RegisterEntries } from './register-entries.js';
import type { RegisterRecord, RegisterVersion } from './register-record.js';

const NoteInput = z
  .strictObject({ note: z.string().min(1).max(1000).optional().describe('Why it was changed, for everybody to read') })
  .meta({ id: 'RegisterNote' });
type NoteInput = z.infer<typeof NoteInput>;

/** The algorithm register, for those who write it. */
@ApiTags('register')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/register')
export class RegisterController {
  constructor(
    private readonly entries: RegisterEntries,
    private readonly edit: EditRegister,
    private readonly register: PublicRegister,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Begins an entry of the algorithm register as a draft; fields may still be missing' })
  async create(@CurrentPerson() by: Person, @Body({ schema: RegisterEntryInput }) entry: object): Promise<object> {
    return this.#shown(orThrow(await this.edit.create(entry as RegisterEntry, by.name)));
  }

  @Get()
  @ApiOperation({ summary: 'The systems in the register, drafts and retired ones too, newest first' })
  async list(@Query({ schema: PageQuery }) { limit, offset }: PageQuery): Promise<object> {
    const records = await this.entries.list(limit, offset);
    const newest = await this.entries.newestVersions(records.map(({ id }) => id));
    const items = records.map((record) => {
      const version = newest.get(record.id);
      const { name, status, risk_category, domain } = (version?.content ??
        record.draft?.content ??
        {}) as RegisterEntry;
      return { id: record.id, ...stateOf(record, version), name, status, risk_category, domain };
    });
    return { items, ...(items.length === limit ? { next: offset + limit } : {}) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One system: draft, newest version, what audits fill in, and what is missing' })
  async one(@Param('id') id: string): Promise<object> {
    return this.#shown(orThrow(await this.entries.find(id)));
  }

  @Put(':id')
  @ApiOperation({ summary: 'Puts a draft in the place of the one that is there; what is published stays' })
  async change(
    @CurrentPerson() by: Person,
    @Param('id') id: string,
    @Body({ schema: RegisterEntryInput }) entry: object,
  ): Promise<object> {
    return this.#shown(orThrow(await this.edit.change(id, entry as RegisterEntry, by.name)));
  }

  @Post(':id/publish')
  @HttpCode(200)
  @ApiOperation({ summary: 'Makes the draft the newest version, if nothing is missing that the standard demands' })
  async publish(
    @CurrentPerson() by: Person,
    @Param('id') id: string,
    @Body({ schema: NoteInput }) { note }: NoteInput,
  ): Promise<RegisterVersion> {
    return orThrow(await this.edit.publish(id, note ?? null, by.name));
  }

  @Post(':id/retire')
  @HttpCode(200)
  @ApiOperation({ summary: 'Ends a system; its entry stays for everybody to read. This cannot be undone' })
  async retire(
    @CurrentPerson() by: Person,
    @Param('id') id: string,
    @Body({ schema: ReasonInput }) { reason }: ReasonInput,
  ): Promise<RegisterVersion> {
    return orThrow(await this.edit.retire(id, reason, by.name));
  }

  @Get(':id/history')
  @ApiOperation({ summary: 'Every published version, newest first: who changed what, when and why' })
  async history(@Param('id') id: string): Promise<object> {
    orThrow(await this.entries.find(id));
    return { items: versionChanges(await this.entries.versions(id)) };
  }

  @Get(':id/exports/:format')
  @ApiOperation({ summary: 'The newest version, or the draft of what was never published, in another form' })
  async export(
    @Param('id') id: string,
    @Param('format', { schema: FormatInput }) format: FormatInput,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { mediaType, body } = orThrow(await this.register.export(id, format, { withDrafts: true }));
    void reply.type(`${mediaType}; charset=utf-8`).send(body);
  }

  async #shown(record: RegisterRecord): Promise<object> {
    const [newest] = await this.entries.versions(record.id);
    const { draft } = record;
    const content = draft?.content ?? newest?.content ?? {};
    const filled = await this.register.filled(content);
    const complete = requireComplete({ ...filled, ...content });
    return {
      id: record.id,
      createdAt: record.createdAt,
      ...stateOf(record, newest),
      draft: draft && { entry: draft.content, changedBy: draft.by, changedAt: draft.at },
      published: newest ?? null,
      filled,
      missing: complete.ok ? null : complete.problem.detail,
    };
  }
}

function stateOf({ draft, isRetired }: RegisterRecord, newest: RegisterVersion | undefined) {
  const state = isRetired ? 'retired' : newest ? 'published' : 'draft';
  return { state, version: newest?.number ?? null, hasDraft: draft !== null };
}
