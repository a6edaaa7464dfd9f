import { type Did, type JsonObject, must, ok, refuse } from '@hansa/kernel';
import type { FetchStatusList } from '../check-status.js';
import {
  buildDidDocument,
  type DidDocument,
  parseDidDocument,
  type ResolveDid,
  type Service,
} from '../did-document.js';
import { type CredentialDraft, issueCredential } from '../issue-credential.js';
import { generateKeyPair, type KeyPair, type KeyPurpose, localSigner, publicKeyOf, type Signer } from '../keys.js';
import { issueSelfIssuedToken, type SeenBefore } from '../self-issued-token.js';

/** A participant with all its keys, as its own node would see it. */
export interface Participant {
  readonly did: Did;
  readonly keys: Readonly<Record<KeyPurpose, KeyPair>>;
  readonly signers: Readonly<Record<KeyPurpose, Signer>>;
  /** The document as published. */
  readonly published: JsonObject;
  readonly document: DidDocument;
}

const day = 86_400_000;

/**
 * A data space in memory: participants with real keys and signatures, and the ports by which a verifier reaches their
 * documents and lists. What is in neither map can't be reached.
 *
 * @example
 * const world = new ParticipantWorld(new Date('2026-11-23T12:00:00Z'));
 * const berlin = await world.join('did:web:berlin.example');
 * await verifySelfIssuedToken(token, { audience: berlin.did, ...world.ports() });
 */
export class ParticipantWorld {
  readonly documents = new Map<Did, DidDocument>();
  /** URL to JWT. */
  readonly statusLists = new Map<string, string>();
  /** Every resolution that was asked for, in order. */
  readonly resolutions: { readonly did: Did; readonly refresh: boolean }[] = [];
  private readonly seen = new Set<string>();
  private serial = 0;

  constructor(readonly now: Date) {}

  /** Makes keys for a DID and publishes its document; again for the same DID: rotates all its keys. */
  async join(did: Did, services: readonly Service[] = []): Promise<Participant> {
    const make = (purpose: KeyPurpose) => generateKeyPair(purpose, `${did}#${purpose}-${++this.serial}`);
    const keys = {
      participant: await make('participant'),
      credential: await make('credential'),
      report: await make('report'),
    };
    const published = buildDidDocument({ did, keys: Object.values(keys).map(publicKeyOf), services });
    const document = must(parseDidDocument(published, did));
    this.documents.set(did, document);
    const signers = {
      participant: localSigner(keys.participant),
      credential: localSigner(keys.credential),
      report: localSigner(keys.report),
    };
    return { did, keys, signers, published, document };
  }

  readonly resolveDid: ResolveDid = async (did, { refresh }) => {
    this.resolutions.push({ did, refresh });
    const document = this.documents.get(did);
    return document ? ok(document) : refuse('test.unreachable', `Nothing is served for ${did}.`);
  };

  readonly fetchStatusList: FetchStatusList = async (url) => {
    const list = this.statusLists.get(url);
    return list === undefined ? refuse('test.unreachable', `Nothing is served at ${url}.`) : ok(list);
  };

  readonly seenBefore: SeenBefore = async (issuer, jti) => {
    const key = JSON.stringify([issuer, jti]);
    const before = this.seen.has(key);
    this.seen.add(key);
    return before;
  };

  /** The ports and the moment, to be spread into any check. */
  ports(): {
    readonly now: Date;
    readonly resolveDid: ResolveDid;
    readonly fetchStatusList: FetchStatusList;
    readonly seenBefore: SeenBefore;
  } {
    const { now, resolveDid, fetchStatusList, seenBefore } = this;
    return { now, resolveDid, fetchStatusList, seenBefore };
  }

  /** A fresh Self-Issued ID Token from one participant to another. */
  token(from: Participant, audience: Did, accessToken?: string): Promise<string> {
    const request = { signer: from.signers.participant, did: from.did, audience, now: this.now };
    const jti = `jti-${++this.serial}`;
    return issueSelfIssuedToken(accessToken === undefined ? { ...request, jti } : { ...request, jti, accessToken });
  }

  /** A MembershipCredential, valid from yesterday for a month, with any part of the draft replaced. */
  membership(issuer: Participant, subject: Did, changes: Partial<CredentialDraft> = {}): Promise<string> {
    return issueCredential({
      signer: issuer.signers.credential,
      issuer: issuer.did,
      subject,
      type: 'MembershipCredential',
      claims: { membershipType: 'full-member' },
      validFrom: new Date(this.now.getTime() - day),
      validUntil: new Date(this.now.getTime() + 30 * day),
      id: `urn:test:credential:${++this.serial}`,
      ...changes,
    });
  }
}
