import { join } from 'node:path';
import type { Clock } from '@hansa/kernel';
import { Global, Module } from '@nestjs/common';
import { packageRoot } from '../config/index.js';
import { Trust } from '../identity/index.js';
import { HANSA_METRICS, type HansaMetrics } from '../metrics/index.js';
import { CLOCK } from '../server/index.js';
import { AUDIT_FACTS, type AuditFacts } from './audit-facts.js';
import { Decisions } from './decisions.js';
import { PolicyController } from './policy.controller.js';
import { PolicyTemplates } from './policy-templates.js';
import { UseCheck } from './use-check.js';

@Global()
@Module({
  controllers: [PolicyController],
  providers: [
    { provide: PolicyTemplates, useFactory: () => PolicyTemplates.load(join(packageRoot(), 'policies')) },
    {
      provide: Decisions,
      inject: [AUDIT_FACTS, CLOCK, HANSA_METRICS],
      useFactory: (audits: AuditFacts, clock: Clock, { policyDecisions }: HansaMetrics) =>
        new Decisions(audits, clock, (outcome) => policyDecisions.add({ outcome })),
    },
    {
      provide: UseCheck,
      inject: [Trust, Decisions],
      useFactory: (trust: Trust, decisions: Decisions) => new UseCheck(trust, decisions),
    },
  ],
  exports: [PolicyTemplates, Decisions, UseCheck],
})
export class PolicyModule {}
