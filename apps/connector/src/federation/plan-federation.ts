import { type AuditPlan, columnsOfPlan, planProblem } from '@hansa/fair';
import { type Clock, digestOfJson, ok, type Result, refuse } from '@hansa/kernel';
import {
  type AskedCity,
  type Audit,
  type AuditJobs,
  type CountingInput,
  checkCountable,
  type PlanAudit,
} from '../governance/index.js';
import { type Agreements, endAt, sentenceOfEnd } from '../negotiation/index.js';
import type { AuditCities } from './audit-cities.js';

/** An audit of several cities as it is asked for. */
export interface NewFederation {
  readonly plan: AuditPlan;
  readonly cities: readonly (CountingInput & { readonly agreementId: string })[];
  /** @default all of them */
  readonly minimumCities?: number | undefined;
  readonly minimumCell?: number | undefined;
  readonly waitSeconds: number;
}

/** Fixes an audit of several cities: plan, cities and what each shall count go on record before any is asked. */
export class PlanFederation {
  constructor(
    private readonly agreements: Agreements,
    private readonly planAudit: PlanAudit,
    private readonly cities: AuditCities,
    private readonly jobs: AuditJobs,
    private readonly clock: Clock,
  ) {}

  async run(input: NewFederation): Promise<Result<Audit>> {
    const countable = checkCountable(input.plan, input.minimumCell ?? 1);
    if (!countable.ok) return countable;
    const problem = planProblem(input.plan);
    if (problem) return { ok: false, problem };
    const cities: AskedCity[] = [];
    for (const [i, wanted] of input.cities.entries()) {
      const asked = await this.#askable(wanted, `cities.${i}`);
      if (!asked.ok) return asked;
      if (cities.some(({ counterparty }) => counterparty === asked.value.counterparty))
        return refuse(
          'federation.repeated-city',
          `${asked.value.counterparty} is there twice; its rows would count twice.`,
          `cities.${i}`,
        );
      cities.push(asked.value);
    }
    const { plan, minimumCities = cities.length, minimumCell = null, waitSeconds } = input;
    if (minimumCities > cities.length)
      return refuse('federation.too-few', `There are ${cities.length} cities, not ${minimumCities}.`, 'minimumCities');
    const subject = { kind: 'federation', cities, minimumCities, minimumCell, waitSeconds } as const;
    const audit = await this.planAudit.record(
      {
        subject,
        datasetId: cities.map(({ datasetId }) => datasetId).join(' '),
        labelColumn: [...new Set(cities.map(({ label }) => label.column))].join(', '),
        where: [],
        plan,
      },
      digestOfJson(JSON.parse(JSON.stringify({ cities, columns: columnsOfPlan(plan) }))),
      null,
      (tx, { id }) => this.cities.add(tx, id, cities.length),
    );
    await this.jobs.submit(audit.id);
    return ok(audit);
  }

  async #askable(wanted: NewFederation['cities'][number], at: string): Promise<Result<AskedCity>> {
    const found = await this.agreements.find(wanted.agreementId);
    if (!found.ok) return { ok: false, problem: { ...found.problem, at } };
    const { role, counterparty, datasetId } = found.value;
    if (role !== 'consumer')
      return refuse('federation.wrong-role', 'This node is the provider of the agreement; cities provide counts.', at);
    const end = endAt(found.value, this.clock.now());
    return end === null ? ok({ ...wanted, counterparty, datasetId }) : refuse('agreement.gone', sentenceOfEnd(end), at);
  }
}
