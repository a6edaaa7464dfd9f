import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import type { ConsumerPid, DataAddress, Pids, ProviderPid, TransferRequestMessage } from '../message/message.js';
import {
  acknowledgedTransfer,
  admitTransfer,
  initiateTransfer,
  receiveTransfer,
  refusedTransfer,
  sendTransfer,
} from './decide-transfer.js';
import { evolveTransfer } from './evolve-transfer.js';
import type { Role } from './table.js';
import {
  type Transfer,
  type TransferIntent,
  type TransferStep,
  transferMessageOf,
  transferMoveOf,
  transferView,
} from './transfer.js';

const pids: Pids = { consumerPid: 'urn:c' as ConsumerPid, providerPid: 'urn:p' as ProviderPid };
const dataAddress: DataAddress = { endpointType: 'urn:http', endpoint: 'https://p.example/d', properties: [] };
const request: TransferRequestMessage = {
  type: 'TransferRequestMessage',
  consumerPid: pids.consumerPid,
  callbackAddress: 'https://c.example/dsp',
  agreementId: 'urn:a',
  format: 'HttpData-PULL',
  dataAddress: null,
};
const intents = {
  start: { move: 'start', dataAddress },
  suspension: { move: 'suspension', code: 'x', reason: ['pause'] },
  completion: { move: 'completion' },
  termination: { move: 'termination', code: 'x', reason: ['enough'] },
} as const satisfies Record<string, TransferIntent>;
type Move = keyof typeof intents;
type State = Exclude<Transfer['state'], 'INITIAL' | 'REFUSED'>;

function message(move: Move): TransferStep {
  return transferMessageOf(intents[move], pids);
}

function at(role: Role, state: State): Transfer {
  const common = { role, ...pids, agreementId: 'urn:a', format: 'HttpData-PULL', destination: null, pending: null };
  const cause = { by: role, code: null, reason: [] };
  const views: Record<State, Transfer> = {
    REQUESTED: { ...common, state: 'REQUESTED' },
    STARTED: { ...common, state: 'STARTED', dataAddress },
    SUSPENDED: { ...common, state: 'SUSPENDED', dataAddress, suspension: cause },
    COMPLETED: { ...common, state: 'COMPLETED', completedBy: role },
    TERMINATED: { ...common, state: 'TERMINATED', termination: cause },
  };
  return views[state];
}

function sending(from: Transfer, move: Move): Transfer {
  return must(sendTransfer(from, intents[move], 'm1')).reduce<Transfer>(evolveTransfer, from);
}

// Written out from the specification's state machine and its message descriptions, not from our table.
const cells: Record<State, Partial<Record<Move, readonly [by: string, next: string]>>> = {
  REQUESTED: { start: ['P', 'STARTED'], termination: ['CP', 'TERMINATED'] },
  STARTED: {
    suspension: ['CP', 'SUSPENDED'],
    completion: ['CP', 'COMPLETED'],
    termination: ['CP', 'TERMINATED'],
  },
  SUSPENDED: { start: ['CP', 'STARTED'], termination: ['CP', 'TERMINATED'] },
  COMPLETED: {},
  TERMINATED: {},
};

describe('every state, message and role of a transfer', () => {
  const rows = (Object.keys(cells) as State[]).flatMap((state) =>
    (Object.keys(intents) as Move[]).flatMap((move) =>
      (['consumer', 'provider'] as const).map((sender) => [state, move, sender] as const),
    ),
  );

  test.each(rows)('%s: %s from the %s', (state, move, sender) => {
    const receiver = sender === 'consumer' ? 'provider' : 'consumer';
    const [by, next] = cells[state][move] ?? ['', ''];
    const received = receiveTransfer(at(receiver, state), message(move));
    const sent = sendTransfer(at(sender, state), intents[move], 'm1');
    if (by.includes(sender === 'consumer' ? 'C' : 'P')) {
      expect(must(received).reduce(evolveTransfer, at(receiver, state))).toMatchObject({ state: next, pending: null });
      expect(must(sent)).toEqual([{ kind: 'sent', id: 'm1', message: message(move) }]);
    } else {
      const problem = { kind: 'transfer.illegal-transition', detail: expect.stringContaining(state) };
      expect([received, sent]).toMatchObject([{ problem }, { problem }]);
    }
  });
});

describe('a transfer', () => {
  test('is requested by the consumer and started by the provider, with the address that it gives', () => {
    const initial = initiateTransfer(request, 'm0');
    expect(transferView(initial)).toBeNull();
    const requested = must(acknowledgedTransfer(initial, 'm0', pids)).reduce<Transfer>(evolveTransfer, initial);
    expect(requested).toEqual(at('consumer', 'REQUESTED'));
    expect(transferView(requested)).toEqual({ type: 'TransferProcess', ...pids, state: 'REQUESTED' });
    expect(admitTransfer(request, 'urn:p')).toEqual(at('provider', 'REQUESTED'));
    const started = must(receiveTransfer(initial, message('start'))).reduce<Transfer>(evolveTransfer, initial);
    expect(started).toEqual(at('consumer', 'STARTED'));
    expect(transferMoveOf(request)).toBe('request');
  });

  test('never was one when the provider refuses the request', () => {
    const initial = initiateTransfer(request, 'm0');
    const refused = refusedTransfer(initial, 'm0', 'no such agreement').reduce<Transfer>(evolveTransfer, initial);
    expect(refused).toMatchObject({ state: 'REFUSED', detail: 'no such agreement' });
  });

  test('goes on with the old address when the consumer resumes', () => {
    const resuming = must(sendTransfer(at('consumer', 'SUSPENDED'), { move: 'start', dataAddress: null }, 'm1'));
    const pending = resuming.reduce<Transfer>(evolveTransfer, at('consumer', 'SUSPENDED'));
    const started = must(acknowledgedTransfer(pending, 'm1', null)).reduce(evolveTransfer, pending);
    expect(started).toEqual(at('consumer', 'STARTED'));
  });
});

describe('crossing messages of a transfer', () => {
  test('the provider’s completion ends what the consumer wanted to suspend', () => {
    const provider = sending(at('provider', 'STARTED'), 'completion');
    expect(receiveTransfer(provider, message('suspension'))).toMatchObject({ problem: { kind: 'transfer.busy' } });
    const consumer = sending(at('consumer', 'STARTED'), 'suspension');
    const events = must(receiveTransfer(consumer, message('completion')));
    expect(events).toMatchObject([{ kind: 'withdrawn', because: 'overtaken' }, { kind: 'received' }]);
    expect(events.reduce(evolveTransfer, consumer)).toMatchObject({ state: 'COMPLETED', completedBy: 'provider' });
  });

  test('a completion that a suspension has overtaken stays in flight until the provider has answered it', () => {
    const consumer = sending(at('consumer', 'STARTED'), 'completion');
    const suspended = must(receiveTransfer(consumer, message('suspension'))).reduce(evolveTransfer, consumer);
    expect(suspended).toMatchObject({ state: 'SUSPENDED', pending: { id: 'm1' } });
    const refused = refusedTransfer(suspended, 'm1', 'suspended').reduce(evolveTransfer, suspended);
    expect(refused).toMatchObject({ state: 'SUSPENDED', pending: null });
  });

  test('a late completion does not prove that the consumer has seen the restart', () => {
    const provider = sending(at('provider', 'SUSPENDED'), 'start');
    expect(receiveTransfer(provider, message('completion'))).toMatchObject({ problem: { kind: 'transfer.busy' } });
  });

  test('a completion after the first start proves that the consumer has seen it', () => {
    const provider = sending(at('provider', 'REQUESTED'), 'start');
    const events = must(receiveTransfer(provider, message('completion')));
    expect(events.map((event) => event.kind)).toEqual(['acknowledged', 'received']);
  });

  test('a start that crosses a termination: the consumer starts and then terminates', () => {
    const provider = sending(at('provider', 'REQUESTED'), 'start');
    expect(receiveTransfer(provider, message('termination'))).toMatchObject({ problem: { kind: 'transfer.busy' } });
    const consumer = sending(at('consumer', 'REQUESTED'), 'termination');
    const started = must(receiveTransfer(consumer, message('start'))).reduce(evolveTransfer, consumer);
    expect(started).toMatchObject({ state: 'STARTED', pending: { id: 'm1' } });
  });

  test('an answer that accepts what the peer’s own message has made void changes no state', () => {
    const consumer = sending(at('consumer', 'STARTED'), 'completion');
    const suspended = must(receiveTransfer(consumer, message('suspension'))).reduce(evolveTransfer, consumer);
    const events = must(acknowledgedTransfer(suspended, 'm1', null));
    expect(events.reduce(evolveTransfer, suspended)).toMatchObject({ state: 'SUSPENDED', pending: null });
  });
});
