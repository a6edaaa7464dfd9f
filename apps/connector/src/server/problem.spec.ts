import { validate } from '@hansa/dsp';
import { uuids } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { dspErrors } from './dsp-errors.js';
import { problemBody, schemaProblem, schemaWords, statusOf } from './problem.js';

describe('a problem on the management interface', () => {
  test.each([
    ['dataset.not-found', 404],
    ['negotiation.illegal-transition', 409],
    ['access.unauthorized', 401],
    ['data.denied', 403],
    ['tabular.not-acceptable', 406],
    ['request.too-large', 413],
    ['tabular.malformed', 400],
    ['something', 400],
  ])('%s is answered with %i', (kind, status) => {
    expect(statusOf(kind)).toBe(status);
  });

  test('says what is missing and what would fit', () => {
    z.config({ customError: schemaWords });
    const use = z.union([z.string(), z.object({ statement: z.string() })]);
    const read = z.object({ name: z.string(), use, size: z.int() }).safeParse({ use: 3, size: 'x' });
    expect(schemaProblem(read.error?.issues ?? []).message).toBe(
      'name: is missing; use: Invalid input: expected string, received number, or: Invalid input: expected object, received number; size: Invalid input: expected number, received string',
    );
    z.config({ customError: undefined });
  });

  test('has the members of RFC 9457 and the id of the request', () => {
    const problem = { kind: 'dataset.not-found', detail: 'No dataset x.', at: 'id' };
    expect(problemBody(problem, 404, 'r1')).toEqual({
      type: 'urn:hansa:problem:dataset.not-found',
      title: 'Dataset not found',
      status: 404,
      detail: 'No dataset x.',
      instance: 'urn:hansa:request:r1',
      at: 'id',
    });
  });
});

describe('a problem on the protocol endpoints', () => {
  const dialects = dspErrors('/dsp/2025-1', uuids);
  const answer = (path: string, kind: string, status: number) =>
    dialects.find((dialect) => path.startsWith(dialect.prefix))?.answer({ kind, detail: 'Why.' }, status, path);

  test.each([
    ['/dsp/2025-1/catalog/request', 'CatalogError'],
    ['/dsp/2025-1/negotiations/request', 'ContractNegotiationError'],
    ['/dsp/2025-1/negotiations/urn:uuid:1/events', 'ContractNegotiationError'],
    ['/dsp/2025-1/transfers/urn%3Auuid%3A1/start', 'TransferError'],
  ] as const)('at %s is a valid %s', (path, type) => {
    const body = answer(path, 'dsp.schema', 400)?.body;
    expect(validate(type, body)).toMatchObject({ ok: true });
    expect(body).toMatchObject({ '@type': type, code: 'dsp.schema', reason: ['Why.'] });
  });

  test('names the process of the path', () => {
    const body = answer('/dsp/2025-1/transfers/urn%3Auuid%3A1/start', 'transfer.not-found', 404)?.body;
    expect(body).toMatchObject({ consumerPid: 'urn:uuid:1', providerPid: 'urn:uuid:1' });
  });

  test('tells who is not authorised 401 at the catalogue and 404 at the processes', () => {
    expect(answer('/dsp/2025-1/catalog/request', 'token.missing', 401)?.status).toBe(401);
    expect(answer('/dsp/2025-1/negotiations/x', 'token.missing', 401)?.status).toBe(404);
    expect(answer('/dsp/2025-1/transfers/x', 'token.missing', 401)?.status).toBe(404);
  });

  test('asks for the same message again when messages cross, and when nothing could be found out', () => {
    expect(answer('/dsp/2025-1/negotiations/x', 'negotiation.busy', 500)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
    expect(answer('/dsp/2025-1/negotiations/x', 'did.unresolvable', 503)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
  });
});
