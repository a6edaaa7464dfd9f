import { canonicalJson, type Json, must } from '@hansa/kernel';
import type { Agreement, Negotiation, Transfer } from '../../apps/cli/src/api.js';
import type { NodeProcess } from '../e2e/support/node-process.js';
import { type Entry, histories, toldTwice } from './ledger-story.js';

/** One process of one side: what it says of itself, in words that the other side must use too. */
export interface Told {
  readonly id: string;
  readonly state: string;
  readonly atRest: boolean;
  /** Empty while there is none. */
  readonly agreementId: string;
  /** Role aside, everything that both sides must say alike. */
  readonly story: string;
}

/** Everything that one side knows. */
export interface View {
  readonly negotiations: readonly Told[];
  readonly transfers: readonly Told[];
  /** Agreement id → the bytes of its policy. */
  readonly agreements: ReadonlyMap<string, string>;
  /** Negotiations that have come to more than one agreement. */
  readonly agreedTwice: readonly string[];
  /** Negotiations that are FINALIZED, and have no agreement here. */
  readonly withoutAgreement: readonly string[];
  readonly messagesWaiting: number;
  readonly messagesGivenUp: number;
}

const page = 500;
const over: ReadonlySet<string> = new Set(['FINALIZED', 'TERMINATED', 'REFUSED']);

/** One of the two nodes, seen by what it answers to its operator. */
export class Side {
  /** Ledger entries that were read, by their index. */
  readonly #entries: Entry[] = [];

  constructor(readonly node: NodeProcess) {}

  get city(): string {
    return this.node.options.city;
  }

  async view(): Promise<View> {
    const [negotiations, agreements, transfers, metrics] = await Promise.all([
      this.#all<Negotiation>('negotiations'),
      this.#all<Agreement>('agreements'),
      this.#all<Transfer>('transfers'),
      fetch(`${this.node.url}/metrics`).then((answer) => answer.text()),
    ]);
    const byNegotiation = new Map<string, number>();
    for (const { negotiationId: id } of agreements) byNegotiation.set(id, (byNegotiation.get(id) ?? 0) + 1);
    const outbox = (state: string) => Number(metrics.match(`hansa_outbox_messages\\{state="${state}"\\} (\\d+)`)?.[1]);
    const finalized = negotiations.filter(({ state }) => state === 'FINALIZED');
    return {
      negotiations: negotiations.map((one) => toldOf(one, over.has(one.state), one.agreementId ?? '')),
      transfers: transfers.map((one) => toldOf(one, !['INITIAL', 'REQUESTED'].includes(one.state), one.agreementId)),
      agreements: new Map(agreements.map(({ id, policy }) => [id, canonicalJson(policy)])),
      agreedTwice: [...byNegotiation].filter(([, times]) => times > 1).map(([id]) => id),
      withoutAgreement: finalized.filter(({ id }) => !byNegotiation.has(id)).map(({ id }) => id),
      messagesWaiting: outbox('waiting'),
      messagesGivenUp: outbox('dead'),
    };
  }

  /** Reads the entries that have been written since the last time. */
  async readLedger(): Promise<void> {
    const known = this.#entries.length;
    const fresh: Entry[] = [];
    for (let before: number | undefined; ; ) {
      const query = before === undefined ? '' : `&before=${before}`;
      const { items } = must(
        await this.node.manage.get<{ items: readonly Entry[] }>(`/ledger/entries?limit=${page}${query}`),
      );
      fresh.push(...items.filter(({ index }) => index >= known));
      const last = items.at(-1);
      if (!last || last.index <= known) break;
      before = last.index;
    }
    this.#entries.push(...fresh.sort((a, b) => a.index - b.index));
  }

  get ledgerSize(): number {
    return this.#entries.length;
  }

  /** Whether what the ledger was, when it was read last, is still its beginning. */
  async hasKeptItsLedger(): Promise<boolean> {
    if (this.#entries.length === 0) return true;
    return (await fetch(`${this.node.url}/ledger/consistency/${this.#entries.length}`)).ok;
  }

  toldTwice(): readonly string[] {
    return toldTwice(this.#entries);
  }

  /** How many receipts for data under an agreement the ledger has. */
  receiptsUnder(agreementId: string): number {
    const receipts = this.#entries.filter(({ entry }) => entry.kind === 'data.released');
    return receipts.filter(({ entry }) => entry.subjects.includes(agreementId)).length;
  }

  histories(): readonly string[] {
    return histories(this.#entries);
  }

  async #all<T>(what: string): Promise<readonly T[]> {
    const items: T[] = [];
    for (;;) {
      const more = must(
        await this.node.manage.get<{ items: readonly T[] }>(`/${what}?limit=${page}&offset=${items.length}`),
      ).items;
      items.push(...more);
      if (more.length < page) return items;
    }
  }
}

function toldOf(
  { id, state, pending, termination }: Negotiation | Transfer,
  settled: boolean,
  agreementId: string,
): Told {
  // Which side a node calls its own is the one thing in which they must differ.
  const end = termination ? canonicalJson({ ...(termination as object), side: null } as Json) : '';
  return { id, state, agreementId, atRest: settled && pending === null, story: `${state} ${agreementId} ${end}` };
}
