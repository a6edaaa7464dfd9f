import { must } from '@hansa/kernel';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  formatScope,
  grantedScopes,
  isTrustedIssuer,
  parsePresentationQuery,
  parseScope,
  presentationQuery,
  type Scope,
  scopeMatches,
} from './index.js';

const type = (value: string): Scope => ({ kind: 'type', value });

describe('parseScope', () => {
  test.each<[string, Scope]>([
    ['org.eclipse.dspace.dcp.vc.type:MembershipCredential', type('MembershipCredential')],
    ['org.eclipse.dspace.dcp.vc.type:MembershipCredential:read', type('MembershipCredential')],
    ['org.eclipse.dspace.dcp.vc.type:MembershipCredential:*', type('MembershipCredential')],
    ['org.eclipse.edc.vc.type:MembershipCredential:all', type('MembershipCredential')],
    ['org.eclipse.tractusx.vc.type:BpnCredential:read', type('BpnCredential')],
    [
      'org.eclipse.dspace.dcp.vc.type:https://w3id.org/x/v1#FooCredential:read',
      { kind: 'type', value: 'FooCredential', context: 'https://w3id.org/x/v1' },
    ],
    [
      'org.eclipse.dspace.dcp.vc.id:urn:uuid:8247b87d-8d72-47e1-8128-9ce47e3d829d',
      { kind: 'id', value: 'urn:uuid:8247b87d-8d72-47e1-8128-9ce47e3d829d' },
    ],
    ['org.eclipse.dspace.dcp.vc.id:8247b87d:read', { kind: 'id', value: '8247b87d' }],
  ])('reads %s', (text, scope) => {
    expect(parseScope(text)).toEqual({ ok: true, value: scope });
  });

  test.each([
    '',
    'invalid',
    'MembershipCredential',
    'org.eclipse.dspace.dcp.vc.type',
    'org.eclipse.dspace.dcp.vc.type:',
    'org.eclipse.dspace.dcp.vc.type::read',
    'org.eclipse.dspace.dcp.vc.type:MembershipCredential:write',
    'org.eclipse.dspace.dcp.vc.type:Membership Credential',
    'org.eclipse.dspace.dcp.vc.id:',
    'constructor:x',
    'toString:MembershipCredential:read',
    7,
    null,
  ])('refuses %p', (text) => {
    expect(parseScope(text)).toMatchObject({ ok: false, problem: { kind: 'scope.malformed' } });
  });

  test('every scope can be written and read back', () => {
    const seen = new Set<string>();
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}$/);
    const id = fc.stringMatching(/^[a-z0-9:#/-]{1,30}$/).filter((text) => !/:(read|all)$/.test(text));
    const scopes = fc.oneof(
      name.map(type),
      fc.tuple(name, fc.webUrl()).map(([value, context]): Scope => ({ kind: 'type', value, context })),
      id.map((value): Scope => ({ kind: 'id', value })),
    );
    fc.assert(
      fc.property(scopes, (scope) => {
        seen.add(scope.kind === 'type' && scope.context ? 'context' : scope.kind);
        expect(must(parseScope(formatScope(scope)))).toEqual(scope);
      }),
    );
    expect([...seen].sort()).toEqual(['context', 'id', 'type']);
  });
});

describe('scopes and credentials', () => {
  const credential = {
    id: 'urn:x',
    type: ['VerifiableCredential', 'MembershipCredential'],
    context: ['https://a.example'],
  };

  test('a type is compared whole: neither part nor extension of it matches', () => {
    expect(scopeMatches(type('MembershipCredential'), credential)).toBe(true);
    for (const other of ['Membership', 'SuperMembershipCredential', 'membershipcredential'])
      expect(scopeMatches(type(other), credential)).toBe(false);
  });

  test('a scope with a context asks for a type of that context', () => {
    const scope = { kind: 'type', value: 'MembershipCredential' } as const;
    expect(scopeMatches({ ...scope, context: 'https://a.example' }, credential)).toBe(true);
    expect(scopeMatches({ ...scope, context: 'https://b.example' }, credential)).toBe(false);
  });

  test('asking for more than was granted yields what was granted', () => {
    const requested = [type('A'), type('B')];
    expect(grantedScopes(requested, [type('B'), type('C')])).toEqual([type('B')]);
    expect(grantedScopes(requested, [])).toEqual([]);
  });
});

describe('presentation queries', () => {
  const read = (members: object) =>
    parsePresentationQuery({
      '@context': ['https://w3id.org/dspace-dcp/v1.0/dcp.jsonld'],
      type: 'PresentationQueryMessage',
      ...members,
    });
  const definition = { id: 'x', input_descriptors: [{ id: 'y' }] };
  const scope = ['org.eclipse.dspace.dcp.vc.type:MembershipCredential:read'];

  test('our own can be read back', () => {
    const scopes = [type('MembershipCredential'), { kind: 'id', value: 'urn:x' } as const];
    expect(must(parsePresentationQuery(presentationQuery({ scopes })))).toEqual({ scopes });
  });

  test('a context given as text, further contexts and "@type" are accepted', () => {
    const context = 'https://w3id.org/dspace-dcp/v1.0/dcp.jsonld';
    expect(read({ '@context': context, scope }).ok).toBe(true);
    expect(read({ '@context': ['https://other.example', context], scope }).ok).toBe(true);
    expect(read({ type: undefined, '@type': 'PresentationQueryMessage', scope }).ok).toBe(true);
  });

  test.each<[object, string]>([
    [{ scope, presentationDefinition: definition }, 'presentation-query.ambiguous'],
    [{ presentationDefinition: definition }, 'presentation-query.definition-unsupported'],
    [{ presentationDefinition: {} }, 'message.malformed'],
    [{ presentationDefinition: null }, 'message.malformed'],
    [{}, 'presentation-query.empty'],
    [{ scope: [] }, 'presentation-query.empty'],
    [{ scope: null }, 'presentation-query.empty'],
    [{ scope: 'org.eclipse.dspace.dcp.vc.type:A' }, 'presentation-query.empty'],
    [{ scope: ['nonsense'] }, 'scope.malformed'],
    [{ scope: [7] }, 'scope.malformed'],
    [{ type: 'PresentationResponseMessage', scope }, 'message.malformed'],
    [{ '@context': ['https://w3id.org/dspace-dcp/v0.8/dcp.jsonld'], scope }, 'message.malformed'],
  ])('%j is %s', (members, kind) => {
    expect(read(members)).toMatchObject({ ok: false, problem: { kind } });
  });
});

describe('the trust list', () => {
  const now = new Date('2026-11-23T12:00:00Z');
  const membership = ['VerifiableCredential', 'MembershipCredential'];
  const trusted = [
    { did: 'did:web:city.eu', types: ['MembershipCredential'] },
    { did: 'did:web:any.eu', types: ['*'] },
    { did: 'did:web:past.eu', types: ['*'], validUntil: now },
    { did: 'did:web:future.eu', types: ['*'], validFrom: new Date(now.getTime() + 1) },
  ] as const;
  const trusts = (issuer: `did:${string}:${string}`, types: readonly string[] = membership) =>
    isTrustedIssuer(trusted, { issuer, type: types }, now);

  test('trusts an issuer for its types while the entry is valid', () => {
    expect([trusts('did:web:city.eu'), trusts('did:web:any.eu')]).toEqual([true, true]);
    expect([trusts('did:web:past.eu'), trusts('did:web:future.eu')]).toEqual([false, false]);
    expect(trusts('did:web:city.eu', ['VerifiableCredential', 'OtherCredential'])).toBe(false);
  });

  test.each([
    'did:web:city.eu.evil.tld',
    'did:web:city.e',
    'did:web:city.eu:a',
    'did:web:CITY.EU',
    'did:web:city.eu.',
  ] as const)('does not trust the look-alike %s', (issuer) => {
    expect(trusts(issuer)).toBe(false);
  });

  test('an issuer can not widen its trust by adding a second type, nor by naming none', () => {
    expect(trusts('did:web:city.eu', [...membership, 'AuditorAccreditationCredential'])).toBe(false);
    expect(trusts('did:web:any.eu', ['VerifiableCredential'])).toBe(false);
  });
});
