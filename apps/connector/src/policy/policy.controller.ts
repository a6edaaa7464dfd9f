import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminGuard } from '../access/index.js';
import { PolicyTemplates, sentencesOf } from './policy-templates.js';

@ApiTags('policy')
@ApiBearerAuth('admin')
@UseGuards(AdminGuard)
@Controller('management/v1/policy-templates')
export class PolicyController {
  constructor(private readonly templates: PolicyTemplates) {}

  @Get()
  @ApiOperation({ summary: 'The policy templates, with the parameters that they take' })
  list(): object {
    const items = this.templates.list().map((template) => ({ ...template, sentences: sentencesOf(template.policy) }));
    return { items };
  }
}
