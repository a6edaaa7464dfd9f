import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { messageSchemas } from '../schema/message.schema.js';
import { validate } from '../schema/validate.js';
import { dspContext, negotiationStates, supersedesTerm, transferStates } from '../vocabulary.js';
import { catalogError, contractNegotiationError, transferError } from './error-body.js';
import { parseMessage, serialize } from './message.codec.js';
import type { Message, MessageType, Pids } from './message.js';

const word = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text !== '.' && text !== '..');
const pids = { consumerPid: word, providerPid: word };
const one = { consumerPid: word, callbackAddress: fc.webUrl() };
const json = fc.jsonValue({ maxDepth: 2 });
const reason = { code: fc.option(word), reason: fc.array(json, { maxLength: 3 }) };
const rules = { permission: fc.constant([{ action: 'use' }]) };
const offer = fc.record({ '@id': word, '@type': fc.constant('Offer' as const), target: word, ...rules });
const agreement = fc.record({
  '@id': word,
  '@type': fc.constant('Agreement' as const),
  target: word,
  assigner: word,
  assignee: word,
  timestamp: fc
    .date({ min: new Date('0000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  ...rules,
});
const property = fc.record({ name: word, value: word });
const dataAddress = fc.option(
  fc.record({ endpointType: word, endpoint: fc.option(word), properties: fc.array(property, { maxLength: 3 }) }),
);

function message(type: MessageType, members: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Message> {
  return fc.record({ type: fc.constant(type), ...members }) as unknown as fc.Arbitrary<Message>;
}

const messages: readonly fc.Arbitrary<Message>[] = [
  message('ContractRequestMessage', { ...one, offer }),
  message('ContractRequestMessage', { ...one, offer, supersedes: word }),
  message('ContractRequestMessage', { ...pids, offer }),
  message('ContractOfferMessage', { providerPid: word, callbackAddress: fc.webUrl(), offer }),
  message('ContractOfferMessage', { ...pids, offer }),
  message('ContractAgreementMessage', { ...pids, agreement }),
  message('ContractAgreementVerificationMessage', pids),
  message('ContractNegotiationEventMessage', { ...pids, eventType: fc.constantFrom('ACCEPTED', 'FINALIZED') }),
  message('ContractNegotiationTerminationMessage', { ...pids, ...reason }),
  message('ContractNegotiation', { ...pids, state: fc.constantFrom(...negotiationStates) }),
  message('ContractNegotiationError', { ...pids, ...reason }),
  message('TransferRequestMessage', { ...one, agreementId: word, format: word, dataAddress }),
  message('TransferStartMessage', { ...pids, dataAddress }),
  message('TransferSuspensionMessage', { ...pids, ...reason }),
  message('TransferCompletionMessage', pids),
  message('TransferTerminationMessage', { ...pids, ...reason }),
  message('TransferProcess', { ...pids, state: fc.constantFrom(...transferStates) }),
  message('TransferError', { ...pids, ...reason }),
  message('CatalogRequestMessage', { filter: fc.array(json, { maxLength: 2 }) }),
  message('CatalogError', reason),
];

/** fast-check makes records and objects without a prototype, which Jest tells apart from literals. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

const examples = join(process.cwd(), '../shared/conformance/dsp/spec-2025-1-err1');
const whenPresent = existsSync(examples) ? test : test.skip;
const absent = existsSync(examples) ? '' : ' (skipped: the official examples are not in ../shared)';

describe('the codec', () => {
  test('reads back what it has written, for every message', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.oneof(...messages), word, (generated, id) => {
        const original = plain(generated);
        const wire = plain(serialize(original, id));
        expect(wire).toMatchObject({ '@context': [dspContext], '@type': original.type, '@id': id });
        expect(must(parseMessage(original.type, wire))).toEqual(original);
        seen.set(original.type, (seen.get(original.type) ?? 0) + 1);
      }),
      { numRuns: 3_000 },
    );
    const typed = Object.keys(messageSchemas).filter((n) => !['DatasetRequestMessage', 'VersionDocument'].includes(n));
    expect([...seen.keys()].sort()).toEqual(typed.sort());
    expect(Math.min(...seen.values())).toBeGreaterThan(50);
  });

  whenPresent(`reads every official example and writes it again with nothing lost${absent}`, () => {
    for (const file of ['negotiation', 'transfer'].flatMap((f) =>
      readdirSync(join(examples, f, 'example'), { withFileTypes: true }),
    )) {
      const body: JsonObject = JSON.parse(readFileSync(join(file.parentPath, file.name), 'utf8'));
      const parsed = must(parseMessage(body['@type'] as MessageType, body));
      expect({ '@id': undefined, ...serialize(parsed, 'x') }).toEqual({ ...body, '@id': 'x' });
    }
  });

  test('writes the bytes of a message the same way each time', () => {
    const message = { type: 'TransferCompletionMessage', consumerPid: 'c', providerPid: 'p' } as unknown as Message;
    expect(JSON.stringify(serialize(message, 'urn:1'))).toBe(
      `{"@context":["${dspContext}"],"@type":"TransferCompletionMessage","@id":"urn:1","consumerPid":"c","providerPid":"p"}`,
    );
  });
});

describe('a body that does not fit', () => {
  const verification = {
    '@context': [dspContext],
    '@type': 'ContractAgreementVerificationMessage',
    consumerPid: 'c',
    providerPid: 'p',
  };
  const request = {
    ...verification,
    '@type': 'TransferRequestMessage',
    agreementId: 'a',
    format: 'f',
    callbackAddress: 'https://c.example',
  };

  test.each([
    [
      'of another type',
      verification,
      'dsp.unexpected-type',
      '/@type',
      'Expected a TransferRequestMessage, but the body is a Con',
    ],
    ['without a type', {}, 'dsp.unexpected-type', '/@type', 'the body has no @type'],
    ['that is no object', [1], 'dsp.unexpected-type', '/@type', 'the body has no @type'],
    ['against the schema', { ...request, format: 5 }, 'dsp.schema', '/format', 'must be of type string'],
    ['with an empty pid', { ...request, consumerPid: '' }, 'dsp.content', '/consumerPid', 'must not be empty'],
    ['with a dot as pid', { ...request, consumerPid: '..' }, 'dsp.content', '/consumerPid', 'must not be'],
    ['with a callback path', { ...request, callbackAddress: '/x' }, 'dsp.content', '/callbackAddress', 'absolute'],
    [
      'with a callback file',
      { ...request, callbackAddress: 'file:///x' },
      'dsp.content',
      '/callbackAddress',
      'absolute',
    ],
  ])('%s is a problem with a place and a hint', (_, body, kind, at, detail) => {
    expect(parseMessage('TransferRequestMessage', body)).toMatchObject({
      problem: { kind, at, detail: expect.stringContaining(detail) },
    });
  });

  test.each([undefined, 'x2026-01-31T12:00:00Z', '2026-01-31T12:00:00Z and more'])(
    'such as an agreement dated %s is a problem, although the schema lets it pass',
    (timestamp) => {
      const agreement = { '@id': 'a', '@type': 'Agreement', target: 'd', assigner: 'p', assignee: 'c', timestamp };
      const body = plain({
        ...verification,
        '@type': 'ContractAgreementMessage',
        agreement: { ...agreement, permission: [{ action: 'use' }] },
      });
      expect(validate('ContractAgreementMessage', body).ok).toBe(true);
      expect(parseMessage('ContractAgreementMessage', body)).toMatchObject({
        problem: { kind: 'dsp.content', at: '/agreement/timestamp' },
      });
    },
  );

  test.each([5, '', null, ['urn:a'], {}])('such as a request that supersedes %j is a problem', (supersedes) => {
    const opening = { ...verification, '@type': 'ContractRequestMessage', callbackAddress: 'https://c.example' };
    const { providerPid: _, ...body } = opening;
    const offer = { '@id': 'o', '@type': 'Offer', permission: [{ action: 'use' }] };
    expect(parseMessage('ContractRequestMessage', { ...body, offer, [supersedesTerm]: supersedes })).toMatchObject({
      problem: { kind: 'dsp.content', detail: expect.stringContaining('must be the id of an agreement') },
    });
  });

  test('is judged against each of several expected types', () => {
    const expected = ['TransferRequestMessage', 'ContractAgreementVerificationMessage'] as const;
    expect(parseMessage(expected, verification)).toMatchObject({ ok: true, value: { type: verification['@type'] } });
  });
});

test('error bodies are schema-valid and carry code, reasons and both pids', () => {
  const both = { consumerPid: 'c', providerPid: 'p' } as Pids;
  const text = { code: 'negotiation.not-found', reasons: ['No such negotiation.'] };
  const bodies = [
    contractNegotiationError(both, text, 'urn:1'),
    transferError(both, text, 'urn:2'),
    catalogError(text, 'urn:3'),
  ];
  for (const body of bodies.filter(isJsonObject)) {
    expect(validate(body['@type'] as MessageType, body).ok).toBe(true);
    expect(body).toMatchObject({ code: text.code, reason: text.reasons });
  }
  expect(bodies[0]).toMatchObject(both);
});
