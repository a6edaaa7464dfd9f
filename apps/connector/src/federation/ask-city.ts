import { setTimeout as sleep } from 'node:timers/promises';
import type { ResolveDid } from '@hansa/dcp';
import { type AuditPlan, planDigest } from '@hansa/fair';
import { type Clock, canonicalJson, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { UnitOfWork } from '@hansa/platform';
import type { AskedCity } from '../governance/index.js';
import type { Ledger } from '../ledger/index.js';
import type { Consume, TransferCommands, TransferRecord, Transfers } from '../transfer/index.js';
import type { AuditCities } from './audit-cities.js';
import type { AuditCity } from './audit-city.js';
import { readAnswer } from './read-answer.js';

/** Milliseconds between two looks at a transfer or a count that is not ready. */
const lookAgain = 500;
/** Milliseconds after which a city that could not be reached is tried again. */
const tryAgain = 2_000;
/** The largest table of counts that is accepted, in bytes. */
const maxAnswer = 64 * 1024 * 1024;

/** What a city is asked, and until when. */
export interface Question {
  readonly city: AskedCity;
  readonly plan: AuditPlan;
  readonly minimumCell: number | null;
  readonly until: Date;
}

/** Brings the counts of one city: starts a transfer under the agreement, asks until it has counted, and checks. */
export class AskCity {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly cities: AuditCities,
    private readonly transfers: Transfers,
    private readonly commands: TransferCommands,
    private readonly consume: Consume,
    private readonly ledger: Ledger,
    private readonly resolveDid: ResolveDid,
    private readonly clock: Clock,
  ) {}

  /** Ends with the city's counts received or refused; rejects when it is interrupted. */
  async run(city: AuditCity, question: Question, signal: AbortSignal): Promise<AuditCity> {
    let now = city;
    let last: Problem | null = null;
    while (now.state.status !== 'received' && now.state.status !== 'refused') {
      signal.throwIfAborted();
      const step = await this.#step(now, question, signal);
      signal.throwIfAborted();
      if (!step.ok && !isPassing(step.problem)) return this.#refused(now, step.problem, question);
      last = step.ok ? null : step.problem;
      if (step.ok) now = step.value;
      else if (now.state.status === 'waiting') now = await this.cities.note(now, { ...now.state, problem: last });
      if (now.state.status === 'received') break;
      if (this.clock.now() >= question.until) return this.#refused(now, tooLate(last), question);
      await sleep(last === null ? lookAgain : tryAgain, undefined, { signal });
    }
    return now;
  }

  async #step(city: AuditCity, question: Question, signal: AbortSignal): Promise<Result<AuditCity>> {
    const transfer = await this.#transfer(city, question.city);
    if (!transfer.ok) return transfer;
    const { id: transferId } = transfer.value;
    const { state, pending } = transfer.value.transfer;
    const waiting = state === 'REQUESTED' || state === 'SUSPENDED' || pending !== null;
    if (waiting) return ok(await this.cities.note(city, { status: 'waiting', transferId, problem: null }));
    const request = requestOf(question);
    const answer = await this.consume.post(transferId, 'audit-counts', request, { maxBytes: maxAnswer, signal });
    if (!answer.ok) return answer;
    const { status, body } = answer.value;
    if (status !== 202) return this.#receive(city, transferId, question, body);
    const [done, total] = [Number(body.done ?? 0), Number(body.total ?? 0)];
    return ok(await this.cities.note(city, { status: 'counting', transferId, done, total }));
  }

  /** The transfer of this audit; one that has started under the agreement is used again. */
  async #transfer({ state }: AuditCity, { agreementId }: AskedCity): Promise<Result<TransferRecord>> {
    if ('transferId' in state && state.transferId !== null) return this.transfers.find(state.transferId);
    const open = await this.unitOfWork.run((tx) => this.transfers.lockOpen(tx, agreementId));
    const usable = open.find(({ transfer: { role, destination } }) => role === 'consumer' && destination === null);
    return usable ? ok(usable) : this.commands.start(agreementId);
  }

  async #receive(
    city: AuditCity,
    transferId: string,
    question: Question,
    body: JsonObject,
  ): Promise<Result<AuditCity>> {
    const read = await readAnswer(body, question, { resolveDid: this.resolveDid, now: this.clock.now() });
    if (!read.ok) return read;
    const { digest: countsDigest, document } = read.value;
    const { rows } = document.data;
    const received = { ...city, state: { status: 'received', transferId, rows, countsDigest } as const };
    const subjects = [city.auditId, question.city.agreementId, transferId, question.city.counterparty];
    const data = { countsDigest, rows, planDigest: document.planDigest };
    return ok(
      await this.unitOfWork.run(async (tx) => {
        await this.ledger.append(tx, { kind: 'counts.received', subjects, data });
        return this.cities.keep(tx, { ...received, answer: canonicalJson(body) });
      }),
    );
  }

  #refused(city: AuditCity, problem: Problem, { city: { agreementId, counterparty } }: Question): Promise<AuditCity> {
    const { kind, detail } = problem;
    const subjects = [city.auditId, agreementId, counterparty];
    return this.unitOfWork.run(async (tx) => {
      await this.ledger.append(tx, { kind: 'counts.refused', subjects, data: { kind, detail } });
      return this.cities.keep(tx, { ...city, state: { status: 'refused', problem: { kind, detail } } });
    });
  }
}

function requestOf({ city, plan, minimumCell }: Question): JsonObject {
  const { label, decision, where } = city;
  const request = { label, decision, where, plan, planDigest: planDigest(plan) };
  return JSON.parse(JSON.stringify({ ...request, ...(minimumCell !== null && { minimumCell }) }));
}

/** Whether it may be otherwise in a moment: the city could not be reached, or has no time. */
function isPassing({ kind }: Problem): boolean {
  return kind.startsWith('http.') || kind === 'peer.busy' || kind === 'did.unresolvable';
}

function tooLate(last: Problem | null): Problem {
  const why = last === null ? 'it was still counting, or its transfer had not started' : last.detail;
  return refuse('counts.timeout', `The city handed out no counts in time: ${why}`).problem;
}
