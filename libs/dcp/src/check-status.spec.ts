import { gzipSync } from 'node:zlib';
import { type JsonObject, must } from '@hansa/kernel';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CredentialCheck,
  createStatusList,
  issueStatusList,
  recheckCredential,
  type StatusEntry,
  verifyCredential,
  withStatus,
} from './index.js';
import { type Participant, ParticipantWorld } from './testing/index.js';
import { vc11Membership } from './testing/vc11.fixtures.js';

const now = new Date('2026-11-23T12:00:00Z');
const later = (milliseconds: number) => new Date(now.getTime() + milliseconds);
const url = 'https://authority.example/status/1';
const status: StatusEntry = {
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: 7,
  statusListCredential: url,
};
let world: ParticipantWorld;
let authority: Participant;
let berlin: Participant;
let mallory: Participant;

beforeAll(async () => {
  world = new ParticipantWorld(now);
  authority = await world.join('did:web:authority.example');
  berlin = await world.join('did:web:berlin.example');
  mallory = await world.join('did:web:mallory.example');
});

const check = (): CredentialCheck => ({
  ...world.ports(),
  holder: berlin.did,
  trustedIssuers: [{ did: authority.did, types: ['MembershipCredential'] }],
});
const vc11 = (changes: JsonObject = {}): Promise<string> => vc11Membership(authority, berlin.did, now, changes);

const publish = async (bits: Uint8Array, by = authority, at = now): Promise<void> => {
  const list = { signer: by.signers.credential, issuer: by.did, url, purpose: 'revocation', bits } as const;
  world.statusLists.set(
    url,
    await issueStatusList({ ...list, validFrom: at, validUntil: new Date(at.getTime() + 900_000) }),
  );
};

describe('the status of a credential', () => {
  test('can turn while an agreement runs: the next check sees it, and dates too', async () => {
    await publish(createStatusList());
    const jwt = await world.membership(authority, berlin.did, { status });
    const credential = must(await verifyCredential(jwt, check()));
    expect(await recheckCredential(credential, world.ports())).toMatchObject({ ok: true });
    await publish(withStatus(createStatusList(), 7, true));
    expect(await recheckCredential(credential, world.ports())).toMatchObject({ problem: { kind: 'status.revoked' } });
    expect(await recheckCredential(credential, { ...world.ports(), now: later(31 * 86_400_000) })).toMatchObject({
      problem: { kind: 'credential.expired' },
    });
  });

  test('is not taken from a list read before whose key its issuer has withdrawn since', async () => {
    await publish(createStatusList());
    const credential = must(await verifyCredential(await world.membership(authority, berlin.did, { status }), check()));
    const ports = world.ports();
    const kept = await ports.fetchStatusList(url);
    const sameList = { ...ports, fetchStatusList: async () => kept };
    for (let i = 0; i < 2; i++) expect(await recheckCredential(credential, sameList)).toMatchObject({ ok: true });
    const withoutKeys: typeof ports.resolveDid = async (did, options) => {
      const document = await ports.resolveDid(did, options);
      return document.ok ? { ok: true, value: { ...document.value, methods: [] } } : document;
    };
    expect(await recheckCredential(credential, { ...sameList, resolveDid: withoutKeys })).toMatchObject({ ok: false });
  });

  test.each<[string, () => Promise<void>, string]>([
    ['signed by somebody else', () => publish(createStatusList(), mallory), 'status.list-invalid'],
    ['out of date', () => publish(createStatusList(), authority, later(-86_400_000)), 'status.list-invalid'],
    ['unreachable', async () => void world.statusLists.delete(url), 'status.unavailable'],
    ['a page of HTML', async () => void world.statusLists.set(url, '<html>'), 'status.list-invalid'],
    [
      'another list of the same issuer',
      async () => {
        await publish(createStatusList());
        world.statusLists.set(
          url,
          await issueStatusList({
            signer: authority.signers.credential,
            issuer: authority.did,
            url: `${url}0`,
            purpose: 'revocation',
            bits: createStatusList(),
            validFrom: now,
            validUntil: later(1000),
          }),
        );
      },
      'status.list-invalid',
    ],
    [
      'a list of suspensions',
      async () => {
        world.statusLists.set(
          url,
          await issueStatusList({
            signer: authority.signers.credential,
            issuer: authority.did,
            url,
            purpose: 'suspension',
            bits: createStatusList(),
            validFrom: now,
            validUntil: later(1000),
          }),
        );
      },
      'status.list-invalid',
    ],
    [
      'forged under the kid of the issuer',
      async () => {
        world.statusLists.set(
          url,
          await issueStatusList({
            signer: { ...mallory.signers.credential, id: authority.keys.credential.id },
            issuer: authority.did,
            url,
            purpose: 'revocation',
            bits: createStatusList(),
            validFrom: now,
            validUntil: later(1000),
          }),
        );
      },
      'jwt.signature',
    ],
    ['too short for the index', () => publish(new Uint8Array(0)), 'status.malformed'],
    ['a bomb', () => publish(new Uint8Array(4 * 1024 * 1024)), 'status.list-invalid'],
    [
      'the membership credential itself',
      async () => void world.statusLists.set(url, await world.membership(authority, berlin.did, { id: url })),
      'status.list-invalid',
    ],
  ])('fails closed when the list is %s', async (_name, arrange, kind) => {
    const jwt = await world.membership(authority, berlin.did, { status });
    await arrange();
    expect(await verifyCredential(jwt, check())).toMatchObject({ ok: false, problem: { kind } });
  });

  test.each<[string, JsonObject, string]>([
    ['an unknown type', { type: 'MagicStatus' }, 'status.unsupported'],
    ['an unknown purpose', { statusPurpose: 'message' }, 'status.unsupported'],
    ['two bits an entry', { statusSize: 2 }, 'status.unsupported'],
    ['index -1', { statusListIndex: '-1' }, 'status.malformed'],
    ['index " 42"', { statusListIndex: ' 42' }, 'status.malformed'],
    ['index "042"', { statusListIndex: '042' }, 'status.malformed'],
    ['index 1e3', { statusListIndex: '1e3' }, 'status.malformed'],
    ['no list', { statusListCredential: 'nowhere' }, 'status.malformed'],
  ])('fails closed for %s', async (_name, changes, kind) => {
    await publish(createStatusList());
    const vc = {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential', 'MembershipCredential'],
      credentialSubject: { id: berlin.did },
      credentialStatus: { ...status, ...changes },
    };
    expect(await verifyCredential(await vc11({ vc }), check())).toMatchObject({ ok: false, problem: { kind } });
  });

  test('is read from StatusList2021 lists too, in the VC 1.1 form and with plain base64', async () => {
    const list = (bits: Uint8Array, type = 'StatusList2021') =>
      vc11({
        sub: `${url}#list`,
        jti: url,
        vc: {
          '@context': ['https://www.w3.org/2018/credentials/v1', 'https://w3id.org/vc/status-list/2021/v1'],
          id: url,
          type: ['VerifiableCredential', 'StatusList2021Credential'],
          issuer: authority.did,
          issuanceDate: '2026-11-23T11:00:00Z',
          credentialSubject: {
            id: `${url}#list`,
            type,
            statusPurpose: 'revocation',
            encodedList: gzipSync(bits).toString('base64'),
          },
        },
      });
    const entry = { ...status, type: 'StatusList2021Entry' } as const;
    const jwt = await world.membership(authority, berlin.did, { status: entry });
    world.statusLists.set(url, await list(createStatusList()));
    expect((await verifyCredential(jwt, check())).ok).toBe(true);
    world.statusLists.set(url, await list(withStatus(createStatusList(), 7, true)));
    expect(await verifyCredential(jwt, check())).toMatchObject({ problem: { kind: 'status.revoked' } });
    world.statusLists.set(url, await list(createStatusList(), 'BitstringStatusList'));
    expect(await verifyCredential(jwt, check())).toMatchObject({ problem: { kind: 'status.list-invalid' } });
  });

  test('a suspended credential is told apart from a revoked one', async () => {
    const bits = withStatus(createStatusList(), 7, true);
    const list = {
      signer: authority.signers.credential,
      issuer: authority.did,
      url,
      bits,
      purpose: 'suspension',
    } as const;
    world.statusLists.set(url, await issueStatusList({ ...list, validFrom: now, validUntil: later(1000) }));
    const jwt = await world.membership(authority, berlin.did, { status: { ...status, statusPurpose: 'suspension' } });
    expect(await verifyCredential(jwt, check())).toMatchObject({ problem: { kind: 'status.suspended' } });
  });
});
