import type { Problem, Result } from '@hansa/kernel';
import type { Pids } from '../message/message.js';
import type { Pending, ProcessEvent } from './process.js';
import { other, type Role } from './table.js';

/** One of the two protocols, as the simulation drives it. `P` is the process, `M` its messages. */
export interface Driver<P, M> {
  readonly initiate: (opener: Role, ids: () => string) => P;
  readonly admit: (message: M, ownPid: string) => P;
  readonly isOpening: (message: M) => boolean;
  /** What the peer may say now, in the order of the table; the intents are made from `choice`. */
  readonly say: (process: P, choice: number, id: string) => Result<readonly ProcessEvent<string, M>[]> | null;
  readonly receive: (process: P, message: M) => Result<readonly ProcessEvent<string, M>[]>;
  readonly acknowledged: (process: P, id: string, pids: Pids) => Result<readonly ProcessEvent<string, M>[]>;
  readonly refused: (process: P, id: string) => readonly ProcessEvent<string, M>[];
  readonly evolve: (process: P, event: ProcessEvent<string, M>) => P;
  readonly serialize: (message: M, id: string) => string;
  readonly parse: (bytes: string) => M;
  readonly moveOf: (message: M) => string;
}

export interface SimulatedProcess {
  readonly state: string;
  readonly role: Role;
  readonly pending: Pending<unknown> | null;
}

type Answer = { readonly kind: 'ok'; readonly pids: Pids } | { readonly kind: 'refused' } | { readonly kind: 'busy' };
type Packet =
  | { readonly kind: 'message'; readonly to: Role; readonly id: string; readonly bytes: string }
  | { readonly kind: 'answer'; readonly to: Role; readonly id: string; readonly answer: Answer };

/** Something that happens to the two peers or to the link between them. */
export interface Op {
  readonly what: 'say' | 'retry' | 'deliver' | 'duplicate' | 'drop' | 'crash';
  readonly role: Role;
  readonly choice: number;
}

const kinds = [
  ...['deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'deliver', 'say', 'say', 'say', 'say'],
  ...['retry', 'duplicate', 'drop', 'crash'],
] as Op['what'][];

/** The number of different steps. */
export const opCount = kinds.length * 2 * 50;

/** A step from its number: one number a step is what fast-check generates and shrinks fastest. */
export function opOf(code: number): Op {
  const what = kinds[code % kinds.length] ?? 'deliver';
  const rest = Math.floor(code / kinds.length);
  return { what, role: rest % 2 === 0 ? 'consumer' : 'provider', choice: Math.floor(rest / 2) };
}

/** How often what happened; keys such as `provider STARTED suspension busy`. */
export class Coverage {
  readonly counts = new Map<string, number>();

  add(key: string): void {
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  /** The sum of all counts whose key ends so. */
  of(ending: string): number {
    return [...this.counts].reduce((sum, [key, n]) => (key.endsWith(ending) ? sum + n : sum), 0);
  }
}

interface Peer<P> {
  process: P | null;
  /** The stored bytes of the message in flight: persisted together with the process. */
  frozen: string | null;
  /** Final answers by the bytes of the message: persisted in the same transaction. */
  readonly inbox: Map<string, Answer>;
}

/** Two peers that never lose what they stored, and a link that may lose, repeat, delay and reorder everything. */
export class TwoPeers<P extends SimulatedProcess, M> {
  private readonly peers: Record<Role, Peer<P>>;
  private readonly link: Packet[] = [];
  private serial = 0;

  constructor(
    private readonly driver: Driver<P, M>,
    private readonly coverage: Coverage,
    private readonly set: { readonly opener: Role; readonly peerRefuses: boolean; readonly inbox: boolean },
  ) {
    const empty = (): Peer<P> => ({ process: null, frozen: null, inbox: new Map() });
    this.peers = { consumer: empty(), provider: empty() };
    const peer = this.peers[set.opener];
    peer.process = driver.initiate(set.opener, () => this.nextId());
    this.freeze(set.opener);
    this.transmit(set.opener);
  }

  view(role: Role): P | null {
    return this.peers[role].process;
  }

  apply(op: Op): void {
    const at = this.link.length > 0 ? op.choice % this.link.length : -1;
    const packet = this.link[at];
    if (op.what === 'say') this.say(op.role, op.choice);
    else if (op.what === 'retry') this.transmit(op.role);
    else if (op.what === 'crash') this.crash(op.role);
    else if (packet === undefined) return;
    else if (op.what === 'duplicate') this.link.push(packet);
    else {
      this.link.splice(at, 1);
      if (op.what === 'deliver') this.deliver(packet);
    }
  }

  /** The link recovers: everything still under way arrives, and both sides repeat until nothing is pending. */
  heal(): void {
    for (let round = 0; round < 30; round++) {
      for (const packet of this.link.splice(0)) this.deliver(packet);
      if (this.link.length === 0 && !this.peers.consumer.frozen && !this.peers.provider.frozen) return;
      this.transmit('consumer');
      this.transmit('provider');
    }
    throw new Error('the peers do not come to rest');
  }

  private nextId(): string {
    return `urn:test:${++this.serial}`;
  }

  private say(role: Role, choice: number): void {
    const { process } = this.peers[role];
    if (process === null || process.pending !== null) return;
    const sent = this.driver.say(process, choice, this.nextId());
    if (sent === null) return;
    if (!sent.ok) throw new Error(sent.problem.detail);
    this.commit(role, sent.value);
    this.transmit(role);
  }

  /** The peer restarts: what it stored stays, the answers that it waited for are lost. */
  private crash(role: Role): void {
    this.coverage.add('crash');
    for (let i = this.link.length - 1; i >= 0; i--)
      if (this.link[i]?.kind === 'answer' && this.link[i]?.to === role) this.link.splice(i, 1);
  }

  private transmit(role: Role): void {
    const { process, frozen } = this.peers[role];
    if (process?.pending && frozen !== null)
      this.link.push({ kind: 'message', to: other(role), id: process.pending.id, bytes: frozen });
  }

  private deliver(packet: Packet): void {
    if (packet.kind === 'answer') this.settle(packet.to, packet.id, packet.answer);
    else {
      const answer = this.receive(packet.to, packet.bytes);
      this.link.push({ kind: 'answer', to: other(packet.to), id: packet.id, answer });
    }
  }

  private receive(role: Role, bytes: string): Answer {
    const peer = this.peers[role];
    const stored = peer.inbox.get(bytes);
    if (stored && this.set.inbox) {
      this.coverage.add('repeat');
      return stored;
    }
    const answer = this.decide(role, this.driver.parse(bytes));
    if (answer.kind !== 'busy') peer.inbox.set(bytes, answer);
    return answer;
  }

  private decide(role: Role, message: M): Answer {
    const peer = this.peers[role];
    if (this.driver.isOpening(message)) {
      if (this.set.peerRefuses) return { kind: 'refused' };
      peer.process = this.driver.admit(message, this.nextId());
      return { kind: 'ok', pids: peer.process as unknown as Pids };
    }
    if (peer.process === null) return { kind: 'busy' };
    const { state } = peer.process;
    const result = this.driver.receive(peer.process, message);
    const verdict = result.ok ? (result.value.some(isImplied) ? 'implied' : 'applied') : kindOf(result.problem);
    this.coverage.add(`${role} ${state} ${this.driver.moveOf(message)} ${verdict}`);
    if (!result.ok) return { kind: verdict === 'busy' ? 'busy' : 'refused' };
    this.commit(role, result.value);
    return { kind: 'ok', pids: peer.process as unknown as Pids };
  }

  private settle(role: Role, id: string, answer: Answer): void {
    const { process } = this.peers[role];
    if (process === null || answer.kind === 'busy') return;
    if (answer.kind === 'refused') {
      this.commit(role, this.driver.refused(process, id));
      return;
    }
    const events = this.driver.acknowledged(process, id, answer.pids);
    if (!events.ok) throw new Error(events.problem.detail);
    if (events.value.some((event) => event.kind === 'withdrawn')) throw new Error('an accepted message was void');
    this.commit(role, events.value);
  }

  private commit(role: Role, events: readonly ProcessEvent<string, M>[]): void {
    const peer = this.peers[role];
    for (const event of events) {
      if (isImplied(event)) this.proveAcceptance(role);
      if (event.kind === 'withdrawn') this.coverage.add(`${role} withdrawn ${event.because}`);
      if (peer.process !== null) peer.process = this.driver.evolve(peer.process, event);
    }
    this.freeze(role);
  }

  private freeze(role: Role): void {
    const peer = this.peers[role];
    const pending = peer.process?.pending as Pending<M> | null | undefined;
    peer.frozen = pending ? this.driver.serialize(pending.message, pending.id) : null;
  }

  /** An implied acknowledgement must be true: the other side has applied exactly these bytes. */
  private proveAcceptance(role: Role): void {
    const { frozen } = this.peers[role];
    if (this.peers[other(role)].inbox.get(frozen ?? '')?.kind !== 'ok')
      throw new Error(`the ${role} took a message for accepted that the other side has not applied`);
  }
}

function isImplied(event: ProcessEvent<string, unknown>): boolean {
  return event.kind === 'acknowledged' && event.implied;
}

function kindOf({ kind }: Problem): string {
  return kind.replace(/^.*\./, '');
}
