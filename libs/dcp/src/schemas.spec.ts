import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@hansa/kernel';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2019, type ValidateFunction } from 'ajv/dist/2019.js';
import {
  credentialMessage,
  credentialRequestMessage,
  credentialStatusMessage,
  issuerMetadata,
  parseCredentialMessage,
  parseCredentialOffer,
  parseCredentialRequest,
  parseCredentialStatus,
  parseIssuerMetadata,
  parsePresentationQuery,
  presentationQuery,
  presentationResponse,
} from './index.js';

const pids = { issuerPid: 'urn:i', holderPid: 'urn:h' };
const container = { credentialType: 'MembershipCredential', payload: 'a.b.c', format: 'vc20-bssl/jwt' };
const offered = {
  id: 'membership',
  credentialType: 'MembershipCredential',
  profile: 'vc20-bssl/jwt',
  credentialSchema: 'https://authority.example/schemas/membership.json',
  offerReason: 'issuance',
  bindingMethods: ['did:web'],
};

const specification = '../shared/conformance/dcp';
if (!existsSync(specification)) {
  test.skip(`skipped: the schemas of DCP 1.0 are absent (${specification})`, () => undefined);
} else {
  const read = (path: string) => JSON.parse(readFileSync(join(specification, path), 'utf8')) as JsonObject;
  const base = 'https://w3id.org/dspace-dcp/v1.0';
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  const register = (path: string, id?: string) =>
    ajv.addSchema(id === undefined ? read(path) : { ...read(path), $id: id });

  beforeAll(() => {
    ajv.addMetaSchema(JSON.parse(readFileSync('node_modules/ajv/dist/refs/json-schema-draft-07.json', 'utf8')));
    register('spec/common/context-schema.json', `${base}/common/context-schema.json`);
    const exchange = 'https://identity.foundation/presentation-exchange/schemas';
    const formats = 'https://identity.foundation/claim-format-registry/schemas';
    for (const name of ['presentation-definition', 'presentation-submission']) {
      const designations = `${name}-claim-format-designations.json`;
      register(`spec-dependencies/presentation-exchange/schemas/${name}.json`, `${exchange}/${name}.json`);
      register(`spec-dependencies/claim-format-registry/schemas/${designations}`, `${formats}/${designations}`);
    }
    for (const name of [
      'credential-message',
      'credential-object',
      'credential-offer-message',
      'credential-request-message',
      'credential-status',
      'issuer-metadata',
    ])
      register(`spec/issuance/${name}-schema.json`);
    for (const name of ['presentation-query-message', 'presentation-response-message'])
      register(`spec/presentation/${name}-schema.json`);
  });
  const validator = (path: string): ValidateFunction => {
    const validate = ajv.getSchema(`${base}/${path}-schema.json`);
    if (!validate) throw new Error(`no schema ${path}`);
    return validate;
  };

  describe('the official schemas', () => {
    test.each<[string, JsonObject]>([
      [
        'issuance/credential-request-message',
        credentialRequestMessage({ holderPid: 'urn:h', credentials: [{ id: 'membership' }] }),
      ],
      ['presentation/credential-message', credentialMessage({ ...pids, status: 'ISSUED', credentials: [container] })],
      ['presentation/credential-message', credentialMessage({ ...pids, status: 'REJECTED', rejectionReason: 'no' })],
      ['issuance/credential-status', credentialStatusMessage({ ...pids, status: 'RECEIVED' })],
      ['issuance/issuer-metadata', issuerMetadata({ issuer: 'did:web:authority.example', credentials: [offered] })],
      ['presentation/presentation-query-message', presentationQuery({ scopes: [{ kind: 'type', value: 'A' }] })],
      ['presentation/presentation-response-message', presentationResponse(['a.b.c'])],
    ])('%s accepts ours', (path, ours) => {
      const validate = validator(path);
      expect({ valid: validate(ours), errors: validate.errors }).toEqual({ valid: true, errors: null });
    });

    test.each<[string, (value: unknown) => { readonly ok: boolean }]>([
      ['issuance/example/credential-request-message.json', parseCredentialRequest],
      ['issuance/example/credential-message.json', parseCredentialMessage],
      ['issuance/example/credential-message-rejected.json', parseCredentialMessage],
      ['issuance/example/credential-status.json', parseCredentialStatus],
      ['issuance/example/issuer-metadata.json', parseIssuerMetadata],
    ])('we read the example %s', (path, parse) => {
      expect(parse(read(`spec/${path}`))).toMatchObject({ ok: true });
    });

    test('we read what the remaining examples mean', () => {
      const offer = read('spec/issuance/example/credential-offer-message.json');
      // Its issuer is the word "issuer"; we ask for a DID, as the text of the specification does.
      expect(parseCredentialOffer(offer)).toMatchObject({ problem: { kind: 'message.malformed', at: '/issuer' } });
      expect(parseCredentialOffer({ ...offer, issuer: 'did:web:issuer.example' }).ok).toBe(true);
      const definition = read('spec/presentation/example/presentation-query-message-w-presentation-definition.json');
      expect(parsePresentationQuery(definition)).toMatchObject({
        problem: { kind: 'presentation-query.definition-unsupported' },
      });
      // Its scopes, "presentation1" and "presentation2", have no alias.
      const query = read('spec/presentation/example/presentation-query-message.json');
      expect(parsePresentationQuery(query)).toMatchObject({ problem: { kind: 'scope.malformed' } });
    });
  });
}
