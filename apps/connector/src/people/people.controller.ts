import { type Clock, ok, type Result, refuse } from '@hansa/kernel';
import { UnitOfWork } from '@hansa/platform';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { AdminGuard, administrator, CurrentPerson, type Person, PersonTokens } from '../access/index.js';
import { Ledger } from '../ledger/index.js';
import { CLOCK, orThrow, ProblemError } from '../server/index.js';

const PersonInput = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}.@_'’-]| (?=\S)){0,99}$/u,
        "must be letters, digits, single spaces and . @ _ - '",
      )
      // Names that look alike would be two people where decisions need two.
      .refine((name) => name === name.normalize(), 'must be in Unicode normalization form C')
      .refine(
        (name) => name.normalize('NFKC').toLowerCase() !== administrator.name,
        'is the name of the administrator token',
      ),
  })
  .meta({ id: 'NewPerson' });
type PersonInput = z.infer<typeof PersonInput>;

/** Who uses the management interface under their own name. Only the administrator token changes that. */
@ApiTags('people')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/people')
export class PeopleController {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly tokens: PersonTokens,
    private readonly ledger: Ledger,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The people who have a token of their own' })
  async list(): Promise<object> {
    return { items: await this.tokens.list() };
  }

  @Post()
  @ApiOperation({ summary: 'Makes a token for a person. It is shown this once' })
  async admit(@CurrentPerson() by: Person, @Body({ schema: PersonInput }) { name }: PersonInput): Promise<object> {
    onlyAdministrator(by);
    const made = await this.unitOfWork.run(async (tx): Promise<Result<string>> => {
      const token = await this.tokens.admit(tx, name, this.clock.now());
      if (token === null) return refuse('person.conflict', `${name} has a token already. Remove it to make another.`);
      await this.ledger.append(tx, { kind: 'person.admitted', subjects: [name], data: { name } });
      return ok(token);
    });
    return { name, token: orThrow(made) };
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: "Ends a person's access: the token dies at once" })
  async remove(@CurrentPerson() by: Person, @Param('name') name: string): Promise<void> {
    onlyAdministrator(by);
    const removed = await this.unitOfWork.run(async (tx) => {
      if (!(await this.tokens.remove(tx, name))) return false;
      await this.ledger.append(tx, { kind: 'person.removed', subjects: [name], data: { name } });
      return true;
    });
    if (!removed) throw new ProblemError({ kind: 'person.not-found', detail: `Nobody named ${name} has a token.` });
  }
}

/** Who could make names could approve under two of them. */
function onlyAdministrator({ isAdministrator }: Person): void {
  if (!isAdministrator)
    throw new ProblemError({
      kind: 'access.forbidden',
      detail: 'Only the administrator token changes who has access.',
    });
}
