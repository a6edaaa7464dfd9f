import { readFileSync } from 'node:fs';
import { hansaContext, hansaContextUrl } from '@hansa/dcp';
import { type Json, type JsonObject, must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  agreementErrors,
  agreementServicePath,
  parseTermination,
  TerminationMessage,
  terminationAddress,
  terminationMessage,
} from './termination-message.js';

const agreementId = 'urn:uuid:3f1c';
const end = { kind: 'terminated', at: new Date(0), by: 'provider', code: 'operator', reason: ['It is over.'] } as const;
const message = terminationMessage(agreementId, end, 'urn:m');

test('a termination says what it ends, and why', () => {
  expect(message).toEqual({
    '@context': ['https://w3id.org/hansa/v1'],
    '@type': 'AgreementTerminationMessage',
    '@id': 'urn:m',
    agreementId,
    code: 'operator',
    reason: ['It is over.'],
  });
  expect(must(parseTermination(agreementId, message))).toEqual(message);
  const { code: _, ...silent } = message;
  expect(terminationMessage(agreementId, { ...end, code: null }, 'urn:m')).toEqual(silent);
});

test('members that it does not know are no fault, nor are further contexts', () => {
  const wider = { ...message, '@context': ['https://x.example', hansaContextUrl], 'https://x.example/why': 5 };
  expect(parseTermination(agreementId, wider).ok).toBe(true);
});

const long = 'x'.repeat(1001);
const broken: readonly (readonly [member: string, values: readonly (Json | undefined)[]])[] = [
  ['@context', [undefined, null, hansaContextUrl, [], ['https://x.example'], [5, hansaContextUrl], [hansaContext]]],
  ['@type', [undefined, null, 5, '', 'Nonsense', ['AgreementTerminationMessage']]],
  ['@id', [undefined, null, 5, '', long, ['urn:m'], {}]],
  ['agreementId', [undefined, null, 5, '', long, [agreementId], {}]],
  ['code', [null, 5, '', long, ['operator'], {}]],
  ['reason', [undefined, null, 5, 'It is over.', [], [''], [5], [null], [long], [{}], Array(101).fill('x')]],
];
const faults = broken.flatMap(([member, values]) => values.map((value) => [member, value] as const));

describe('a termination is refused', () => {
  test.each(faults)('for %s %j', (member, value) => {
    const wire: Record<string, Json | undefined> = { ...message, [member]: value };
    if (value === undefined) delete wire[member];
    const refused = parseTermination(agreementId, wire);
    expect(refused).toMatchObject({ ok: false, problem: { kind: 'agreement.message-invalid' } });
    if (!refused.ok) expect(refused.problem.at).toMatch(new RegExp(`^/${member}`));
  });

  test.each([[undefined], [null], ['text'], [5], [[]], [{}]])('where the body is %j', (body) => {
    expect(parseTermination(agreementId, body)).toMatchObject({ problem: { kind: 'agreement.message-invalid' } });
  });

  test('where it names another agreement than its address', () => {
    expect(parseTermination('urn:other', message)).toMatchObject({ problem: { kind: 'agreement.id-mismatch' } });
  });
});

test('each term of the message is in the context that it names', () => {
  const terms = (hansaContext['@context'] as JsonObject).AgreementTerminationMessage as JsonObject;
  const scoped = Object.keys(terms['@context'] as JsonObject);
  for (const member of Object.keys(message).filter((name) => !name.startsWith('@'))) expect(scoped).toContain(member);
});

test('it goes to the service that the DID document of the other side names', () => {
  expect(terminationAddress('did:web:b.example', agreementId)).toBe(
    'did:web:b.example?service=HansaAgreementService&relativeRef=urn%253Auuid%253A3f1c%2Ftermination',
  );
});

describe('the error of the endpoint', () => {
  const { answer, prefix } = agreementErrors({ next: () => 'urn:e' });
  const problem = { kind: 'agreement.not-found', detail: 'There is none.' };

  test('names the agreement of the address', () => {
    expect(answer(problem, 404, `${agreementServicePath}/urn%3Auuid%3A3f1c/termination`)).toEqual({
      status: 404,
      body: {
        '@context': ['https://w3id.org/hansa/v1'],
        '@type': 'AgreementError',
        '@id': 'urn:e',
        agreementId,
        code: 'agreement.not-found',
        reason: ['There is none.'],
      },
    });
    for (const path of [prefix, `${prefix}/`, `${prefix}/%E0%A4%A/termination`])
      expect(answer(problem, 404, path).body).toMatchObject({ agreementId: 'unknown' });
  });

  test.each([
    [401, 404],
    [403, 404],
    [400, 400],
    [503, 503],
  ])('for %d answers %d', (status, answered) => {
    const given = answer(problem, status, prefix);
    expect(given.status).toBe(answered);
    expect(given.headers).toEqual(status === 503 ? { 'retry-after': '1' } : undefined);
  });
});

test('the reference has the schema by which the message is judged', () => {
  const schema = z.toJSONSchema(TerminationMessage, { io: 'input' });
  const reference = readFileSync('docs/reference/agreement-termination.md', 'utf8');
  const blocks = [...reference.matchAll(/```json\n(\{.*?\n?\})\n```/gs)].map(([, block]) => JSON.parse(block ?? ''));
  expect(blocks.find(({ $schema }) => $schema !== undefined)).toEqual(schema);
  const example = blocks.find((block) => block['@type'] === 'AgreementTerminationMessage');
  expect(parseTermination(example.agreementId, example).ok).toBe(true);
});
