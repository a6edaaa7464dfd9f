import type { Pids } from '../../message/message.js';
import type { Pending, ProcessEvent } from '../process.js';
import { other, type Role, step } from '../table.js';
import type { Answer, Driver, Frozen, Habits, SimulatedProcess } from './driver.fixtures.js';
import type { CrashPoint, Fact, Verdict } from './facts.fixtures.js';

type Packet =
  | ({ readonly kind: 'request'; readonly to: Role; readonly serial: number } & Frozen)
  | {
      readonly kind: 'answer';
      readonly to: Role;
      readonly id: string;
      readonly answer: Answer;
      readonly serial: number;
    };

/** What a peer has stored, as text; it has nothing else. */
interface Store {
  process: string | null;
  outbox: readonly Frozen[];
  readonly inbox: Map<string, Answer>;
}

/** Two peers and a link. Each method is one step, which a peer takes wholly or, killed before it, not at all. */
export class TwoPeers<P extends SimulatedProcess = SimulatedProcess, M = unknown> {
  readonly #stores: Record<Role, Store> = { consumer: empty(), provider: empty() };
  #link: Packet[] = [];
  #serial = 0;

  constructor(
    readonly driver: Driver<P, M>,
    private readonly habits: Habits,
    private readonly set: { readonly opener: Role; readonly peerRefuses: boolean },
    private readonly tell: (fact: Fact) => void,
  ) {
    const process = driver.initiate(set.opener, () => this.#nextId());
    const { id, message } = process.pending as Pending<M>;
    this.#save(set.opener, process, [{ id, bytes: driver.serialize(message, id) }]);
    tell({ kind: 'opened', by: set.opener, id, move: driver.moveOf(message) });
  }

  view(role: Role): P | null {
    const { process } = this.#stores[role];
    return process === null ? null : JSON.parse(process);
  }

  /** How many packets of a kind are under way. */
  underWay(kind: Packet['kind']): number {
    return this.#link.filter((packet) => packet.kind === kind).length;
  }

  outboxOf(role: Role): readonly Frozen[] {
    return this.#stores[role].outbox;
  }

  /** Decides a message and stores it; nothing is sent yet. */
  say(by: Role, move: string): boolean {
    const process = this.view(by);
    if (process === null) return false;
    const id = this.#nextId();
    const events = this.driver.say(process, move, id);
    const verdict = events.ok ? 'sent' : (lastWord(events.problem.kind) as 'message-pending');
    this.tell({ kind: 'said', by, state: process.state, move, verdict });
    if (!events.ok) return false;
    this.#commit(by, process, events.value);
    return true;
  }

  /** Sends a message of the outbox, again or for the first time. */
  transmit(role: Role, choice = 0): void {
    const { outbox } = this.#stores[role];
    const row = outbox[choice % Math.max(outbox.length, 1)];
    if (!row) return;
    const frozen = this.habits.again(row, () => this.#nextId());
    this.#link.push({ kind: 'request', to: other(role), serial: ++this.#serial, ...frozen });
  }

  /** A request arrives: its receiver decides and stores, and the answer goes on its way. */
  arrive(choice: number): void {
    const packet = this.#take('request', choice, true);
    if (packet?.kind !== 'request') return;
    const answer = this.#receive(packet.to, packet);
    this.#link.push({ kind: 'answer', to: other(packet.to), id: packet.id, answer, serial: ++this.#serial });
  }

  /** An answer arrives at the sender of the message. */
  answer(choice: number): void {
    const packet = this.#take('answer', choice, true);
    if (packet?.kind === 'answer') this.#settle(packet.to, packet.id, packet.answer);
  }

  drop(kind: Packet['kind'], choice: number): void {
    if (this.#take(kind, choice, false)) this.tell({ kind: 'link', what: 'dropped', packet: kind });
  }

  /** The link delivers a request twice. */
  double(choice: number): void {
    const packet = this.#take('request', choice, false);
    if (!packet) return;
    this.#link.push(packet, packet);
    this.tell({ kind: 'link', what: 'doubled', packet: 'request' });
  }

  /** The peer is killed: what it stored stays, every answer to it and from it is lost with its connections. */
  crash(role: Role): void {
    this.tell({ kind: 'crash', role, at: this.#crashPoint(role) });
    this.#link = this.#link.filter((packet) => packet.kind === 'request');
    const store = this.#stores[role];
    store.outbox = this.habits.survives(store.outbox);
  }

  /** A message arrives that the other side has never said. It is only judged: were it legal, it would not be applied. */
  forge(to: Role, move: string, foreign: boolean): void {
    const process = this.view(to);
    if (process === null) return;
    this.#decide(to, process, this.driver.forge(process, move, foreign), this.#nextId(), true);
  }

  /** The link recovers: everything under way arrives, and both sides repeat until nothing is pending. */
  heal(): void {
    for (let round = 0; round < 30; round++) {
      while (this.#link.length > 0) {
        while (this.underWay('request') > 0) this.arrive(0);
        while (this.underWay('answer') > 0) this.answer(0);
      }
      const roles = ['consumer', 'provider'] as const;
      if (roles.every((role) => this.#stores[role].outbox.length === 0)) return;
      for (const role of roles) this.#stores[role].outbox.forEach((_, i) => void this.transmit(role, i));
    }
    throw new Error('the peers do not come to rest');
  }

  #take(kind: Packet['kind'], choice: number, delivers: boolean): Packet | undefined {
    const fitting = this.#link.filter((packet) => packet.kind === kind);
    const packet = fitting[choice % Math.max(fitting.length, 1)];
    if (!packet) return undefined;
    if (delivers && fitting.some((waiting) => waiting.to === packet.to && waiting.serial < packet.serial))
      this.tell({ kind: 'link', what: 'overtook', packet: kind });
    this.#link.splice(this.#link.indexOf(packet), 1);
    return packet;
  }

  #receive(role: Role, { id, bytes }: Frozen): Answer {
    const { inbox } = this.#stores[role];
    const stored = inbox.get(bytes);
    if (stored) {
      this.tell({ kind: 'repeat', answer: stored.kind as 'ok' });
      return stored;
    }
    const answer = this.#answerTo(role, this.driver.parse(bytes), id);
    if (this.habits.keeps(answer)) inbox.set(bytes, answer);
    return answer;
  }

  #answerTo(role: Role, message: M, id: string): Answer {
    const process = this.view(role);
    if (!this.driver.isOpening(message))
      return process === null ? { kind: 'busy' } : this.#decide(role, process, message, id, false);
    if (this.set.peerRefuses) {
      this.tell({ kind: 'turned-away', id });
      return { kind: 'refused' };
    }
    const admitted = this.driver.admit(message, this.#nextId());
    this.#save(role, admitted, []);
    const told = {
      kind: 'arrived',
      by: other(role),
      state: 'INITIAL',
      pending: null,
      legal: true,
      forged: false,
    } as const;
    this.tell({ ...told, id, move: this.driver.moveOf(message), verdict: 'applied' });
    return { kind: 'ok', pids: admitted as unknown as Pids };
  }

  #decide(role: Role, process: P, message: M, id: string, forged: boolean): Answer {
    const { driver } = this;
    const pending = process.pending as Pending<M> | null;
    const events = driver.receive(process, message);
    const implied = events.ok && events.value.some((event) => event.kind === 'acknowledged');
    const verdict = events.ok ? (implied ? 'implied' : 'applied') : (lastWord(events.problem.kind) as Verdict);
    const own = pending && driver.moveOf(pending.message);
    const told = { kind: 'arrived', by: other(role), state: process.state, pending: own } as const;
    const move = driver.moveOf(message);
    const legal = process.state !== 'INITIAL' && step(driver.table, process.state, move, other(role)) !== undefined;
    this.tell({ ...told, id, move, verdict, legal, forged });
    if (!events.ok) return { kind: verdict === 'busy' ? 'busy' : 'refused' };
    if (!forged) this.#commit(role, process, events.value);
    return { kind: 'ok', pids: process as unknown as Pids };
  }

  #settle(role: Role, id: string, answer: Answer): void {
    const process = this.view(role);
    if (process === null || answer.kind === 'busy') return;
    const events = answer.kind === 'ok' ? this.driver.acknowledged(process, id, answer.pids) : null;
    if (events && !events.ok) throw new Error(events.problem.detail);
    this.#commit(role, process, events ? events.value : this.driver.refused(process, id), id);
  }

  /** Process and outbox in one transaction. `settled` is the message that was answered for good. */
  #commit(role: Role, process: P, events: readonly ProcessEvent<string, M>[], settled?: string): void {
    let outbox = this.#stores[role].outbox.filter(({ id }) => id !== settled);
    let evolved = process;
    for (const event of events) {
      if (event.kind === 'sent')
        outbox = [...outbox, { id: event.id, bytes: this.driver.serialize(event.message, event.id) }];
      else if (event.kind === 'acknowledged') this.tell({ kind: 'acknowledged', by: role, id: event.id });
      else if (event.kind === 'withdrawn')
        this.tell({ kind: 'withdrawn', by: role, id: event.id, because: event.because });
      evolved = this.driver.evolve(evolved, event);
    }
    this.#save(role, evolved, outbox);
    this.#noteCrossing();
  }

  #save(role: Role, process: P, outbox: readonly Frozen[]): void {
    this.#stores[role].process = JSON.stringify(process);
    this.#stores[role].outbox = outbox;
  }

  #noteCrossing(): void {
    const [consumer, provider] = [this.view('consumer'), this.view('provider')];
    const pair = [provider?.pending, consumer?.pending] as (Pending<M> | null | undefined)[];
    const [theirs, ours] = pair.map((pending) => pending && this.driver.moveOf(pending.message));
    if (theirs && ours && consumer?.state === provider?.state)
      this.tell({ kind: 'crossing', state: String(consumer?.state), provider: theirs, consumer: ours });
  }

  #crashPoint(role: Role): CrashPoint {
    const answers = this.#link.filter((packet) => packet.kind === 'answer');
    const outgoing = answers.find(({ to }) => to !== role);
    if (outgoing)
      return outgoing.answer.kind === 'ok' ? 'applied here, answer not out' : 'refused here, answer not out';
    const [row] = this.#stores[role].outbox;
    if (!row) return 'nothing under way';
    const there = this.#stores[other(role)].inbox.get(row.bytes);
    if (there) return there.kind === 'ok' ? 'applied there, answer not here' : 'refused there, answer not here';
    const sent = this.#link.some((packet) => packet.kind === 'request' && packet.id === row.id);
    return sent ? 'sent, not arrived' : 'decided, not sent';
  }

  #nextId(): string {
    return `urn:test:${++this.#serial}`;
  }
}

const empty = (): Store => ({ process: null, outbox: [], inbox: new Map() });
const lastWord = (kind: string): string => kind.replace(/^.*\./, '');
