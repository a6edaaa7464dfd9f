import type { ResolveDid } from '@hansa/dcp';
import { type CityCounts, mergeCounts, pooledReport, type SoftwareReference } from '@hansa/fair';
import {
  type Clock,
  isJsonObject,
  type Json,
  must,
  ok,
  type Problem,
  parseJson,
  type Result,
  refuse,
} from '@hansa/kernel';
import type { AskedCity, Audit, AuditRunner, Audits, FederatedSubject, RunAudit } from '../governance/index.js';
import type { AskCity } from './ask-city.js';
import type { AuditCities } from './audit-cities.js';
import type { AuditCity } from './audit-city.js';
import { readAnswer } from './read-answer.js';

/** A city beside what it was asked. */
interface Part {
  readonly asked: AskedCity;
  readonly city: AuditCity;
}

/**
 * Carries an audit of several cities to its verdict: asks each for its counts, adds them, judges and signs. What a city
 * has answered is kept, so that a run that was cut off goes on where it stood.
 */
export class RunFederation implements AuditRunner {
  constructor(
    private readonly audits: Audits,
    private readonly cities: AuditCities,
    private readonly askCity: AskCity,
    private readonly runAudit: RunAudit,
    private readonly resolveDid: ResolveDid,
    private readonly clock: Clock,
    private readonly software: SoftwareReference,
  ) {}

  async run(id: string, signal: AbortSignal): Promise<void> {
    const found = await this.audits.find(id);
    if (!found.ok) return;
    const audit = found.value;
    const { subject, state } = audit;
    if (subject.kind !== 'federation' || state.status === 'done' || state.status === 'failed') return;
    await this.#askAll(audit, subject, signal);
    const cities = await this.cities.of(id);
    const parts = subject.cities.flatMap((asked, i): readonly Part[] => {
      const city = cities[i];
      return city ? [{ asked, city }] : [];
    });
    const report = await this.#report(audit, subject, parts);
    if (!report.ok) await this.fail(id, report.problem);
    else await this.runAudit.issue(audit, { report: report.value, model: null, datasetTitle: titleOf(parts) });
  }

  fail(id: string, problem: Problem): Promise<void> {
    return this.runAudit.fail(id, problem);
  }

  /** All at once; as soon as too many have refused the others are asked no longer. */
  async #askAll(audit: Audit, subject: FederatedSubject, signal: AbortSignal): Promise<void> {
    const { plan, plannedAt, id } = audit;
    const { minimumCell, minimumCities, waitSeconds } = subject;
    const until = new Date(plannedAt.getTime() + waitSeconds * 1000);
    const halt = new AbortController();
    const either = AbortSignal.any([signal, halt.signal]);
    const cities = await this.cities.of(id);
    let refused = 0;
    const ended = await Promise.allSettled(
      cities.map(async (city) => {
        const asked = subject.cities[city.place];
        if (!asked) return;
        const done = await this.askCity.run(city, { city: asked, plan, minimumCell, until }, either);
        if (done.state.status === 'refused' && ++refused > cities.length - minimumCities) halt.abort();
        await this.#note(id);
      }),
    );
    signal.throwIfAborted();
    const surprise = ended.find((one) => one.status === 'rejected');
    if (surprise && !halt.signal.aborted) throw surprise.reason;
  }

  async #note(id: string): Promise<void> {
    const cities = await this.cities.of(id);
    const over = cities.filter(({ state }) => state.status === 'received' || state.status === 'refused');
    await this.audits.saveProgress(id, over.length, cities.length);
  }

  async #report(audit: Audit, { minimumCities }: FederatedSubject, parts: readonly Part[]) {
    const without = parts.flatMap(refusalOf);
    const received = parts.filter(({ city }) => city.state.status === 'received');
    const [first] = without;
    if (received.length < minimumCities)
      return refuse(
        'audit.cities-missing',
        `${received.length} of ${parts.length} cities handed out their counts; ${minimumCities} must. ${first?.city ?? 'A city'}: ${first?.reason ?? 'no answer'}`,
      );
    const counts: CityCounts[] = [];
    for (const { asked, city } of received) {
      const again = await this.#readAgain(audit, asked, city);
      if (!again.ok) return again;
      counts.push(again.value);
    }
    const pooled = mergeCounts(counts);
    if (!pooled.ok) return pooled;
    const { data } = pooled.value;
    const more = { title: titleOf(received), ...(without.length > 0 && { without: without as unknown as Json }) };
    const named = { ...pooled.value, data: { ...data, ...more } };
    return pooledReport(named, { at: audit.plannedAt.toISOString(), software: this.software });
  }

  /** What was kept is checked once more: the database is not trusted more than the network. */
  async #readAgain({ plan }: Audit, city: AskedCity, { answer }: AuditCity): Promise<Result<CityCounts>> {
    const body = must(parseJson(answer ?? 'null'));
    if (!isJsonObject(body)) return refuse('counts.other-request', `The counts of ${city.counterparty} are lost.`);
    const read = await readAnswer(body, { city, plan }, { resolveDid: this.resolveDid, now: this.clock.now() });
    return read.ok ? ok(read.value) : read;
  }
}

function refusalOf({ asked, city: { state } }: Part): readonly { readonly city: string; readonly reason: string }[] {
  if (state.status !== 'refused') return [];
  return [{ city: asked.counterparty, reason: state.problem.detail }];
}

function titleOf(parts: readonly Part[]): string {
  return `counts of ${parts.map(({ asked }) => asked.counterparty).join(', ')}`;
}
