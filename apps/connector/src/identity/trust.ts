import {
  issueAccessToken,
  issueSelfIssuedToken,
  presentationQuery,
  type ResolveDid,
  recheckCredential,
  type Scope,
  type SelfIssuedToken,
  serviceEndpoint,
  type TrustedIssuer,
  type Verified,
  type VerifiedCredential,
  verifyCredential,
  verifyPresentations,
  verifySelfIssuedToken,
} from '@hansa/dcp';
import { type Clock, type Did, type Ids, ok, parseJson, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient } from '@hansa/platform';
import type { Counterparty } from './counterparty.js';
import type { CounterpartyVerifier } from './counterparty-verifier.js';
import type { NodeIdentity } from './node-identity.js';
import type { SeenTokens } from './seen-tokens.js';
import type { StatusLists } from './status-lists.js';

export interface TrustRules {
  /** Credential types that every counterparty must present. */
  readonly requiredCredentials: readonly string[];
  readonly trustedIssuers: readonly TrustedIssuer[];
  /**
   * Milliseconds for which credentials once presented are taken as presented. Their dates and status are checked at
   * every message all the same. 0: the credential service is asked for every message.
   */
  readonly presentationMaxAge: number;
}

const maxPresentations = 10_000;
/** Milliseconds for which an access token goes into further messages: a fifth of its life, so that it outlives its use. */
const accessTokenReuse = 60_000;

/**
 * Proves who we are and checks who others are (Decentralized Claims Protocol 1.0): a fresh self-issued token on every
 * message out; token, presentation and credentials verified on every message in.
 */
export class Trust implements CounterpartyVerifier {
  readonly #scopes: readonly Scope[];
  readonly #accessTokens = new Map<Did, { readonly at: number; readonly token: string }>();
  readonly #presented = new Map<Did, { readonly at: number; readonly credentials: readonly VerifiedCredential[] }>();

  constructor(
    private readonly identity: NodeIdentity,
    private readonly rules: TrustRules,
    private readonly resolveDid: ResolveDid,
    private readonly seenTokens: SeenTokens,
    private readonly statusLists: StatusLists,
    private readonly client: GuardedClient,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.#scopes = rules.requiredCredentials.map((value) => ({ kind: 'type', value }));
  }

  /** The `Authorization` header for one message: it lets the receiver ask for our credentials of the required types. */
  readonly authorize = async (audience: Did): Promise<string> => {
    const now = this.clock.now();
    const { did, participant: signer } = this.identity;
    const accessToken = await this.#accessToken(audience, now);
    return `Bearer ${await issueSelfIssuedToken({ signer, did, audience, accessToken, now, jti: this.ids.next() })}`;
  };

  /** It is bound to its verifier and may be used again until it expires; the token around it is fresh every time. */
  async #accessToken(verifier: Did, now: Date): Promise<string> {
    const known = this.#accessTokens.get(verifier);
    const age = now.getTime() - (known?.at ?? 0);
    if (known && age >= 0 && age < accessTokenReuse) return known.token;
    const { did: holder, participant: signer } = this.identity;
    const token = await issueAccessToken({ signer, holder, verifier, scopes: this.#scopes, now, jti: this.ids.next() });
    if (this.#accessTokens.size >= maxPresentations) this.#accessTokens.clear();
    this.#accessTokens.set(verifier, { at: now.getTime(), token });
    return token;
  }

  /** Verifies the token of a request alone: enough for services that know the sender by another way. */
  async verifyToken(
    authorization: string | undefined,
    accessToken: 'required' | 'optional' = 'optional',
  ): Promise<Result<Verified<SelfIssuedToken>>> {
    const bearer = /^Bearer ([^\s]+)$/.exec(authorization ?? '')?.[1];
    if (!bearer)
      return refuse('token.missing', 'The request needs a self-issued token as a bearer token.', 'authorization');
    return verifySelfIssuedToken(bearer, {
      audience: this.identity.did,
      now: this.clock.now(),
      resolveDid: this.resolveDid,
      seenBefore: this.seenTokens.seenBefore,
      accessToken,
    });
  }

  /** Verifies the token of a request and the credentials of who sent it. */
  async verifyCounterparty(authorization: string | undefined): Promise<Result<Counterparty>> {
    const needed = this.#scopes.length > 0;
    const token = await this.verifyToken(authorization, needed ? 'required' : 'optional');
    if (!token.ok) return token;
    const { issuer: did, accessToken } = token.value;
    if (!needed) return ok({ did, credentials: [] });
    const known = await this.#stillPresented(did);
    if (known) return ok({ did, credentials: known });
    const response = await this.#queryCredentials(did, accessToken);
    if (!response.ok) return response;
    const presentation = await verifyPresentations(response.value, {
      holder: did,
      audience: this.identity.did,
      requestedScopes: this.#scopes,
      trustedIssuers: this.rules.trustedIssuers,
      now: this.clock.now(),
      resolveDid: this.resolveDid,
      fetchStatusList: this.statusLists.fetch,
    });
    if (!presentation.ok) return presentation;
    const { credentials } = presentation.value;
    if (this.#presented.size >= maxPresentations) this.#presented.clear();
    this.#presented.set(did, { at: this.clock.now().getTime(), credentials });
    return ok({ did, credentials });
  }

  /** Verifies credentials again that a counterparty presented earlier: they may have expired or been revoked since. */
  async verifyStored(holder: Did, credentials: readonly string[]): Promise<Result<readonly VerifiedCredential[]>> {
    const check = {
      holder,
      trustedIssuers: this.rules.trustedIssuers,
      now: this.clock.now(),
      resolveDid: this.resolveDid,
      fetchStatusList: this.statusLists.fetch,
    };
    const verified: VerifiedCredential[] = [];
    for (const jwt of credentials) {
      const credential = await verifyCredential(jwt, check);
      if (!credential.ok) return credential;
      verified.push(credential.value);
    }
    return ok(verified);
  }

  /** What a counterparty presented a moment ago, if it is still valid. */
  async #stillPresented(did: Did): Promise<readonly VerifiedCredential[] | null> {
    const presented = this.#presented.get(did);
    const now = this.clock.now();
    if (!presented || now.getTime() - presented.at >= this.rules.presentationMaxAge) return null;
    for (const credential of presented.credentials) {
      const check = { now, resolveDid: this.resolveDid, fetchStatusList: this.statusLists.fetch };
      if (!(await recheckCredential(credential, check)).ok) return null;
    }
    return presented.credentials;
  }

  async #queryCredentials(did: Did, accessToken: string | undefined): Promise<Result<unknown>> {
    const document = await this.resolveDid(did, { refresh: false });
    if (!document.ok) return document;
    const service = serviceEndpoint(document.value, 'CredentialService');
    if (!service.ok) return service;
    const { did: own, participant: signer } = this.identity;
    const now = this.clock.now();
    const token = { signer, did: own, audience: did, now, jti: this.ids.next() };
    const answer = await this.client.request({
      method: 'POST',
      url: `${service.value.replace(/\/$/, '')}/presentations/query`,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await issueSelfIssuedToken(accessToken ? { ...token, accessToken } : token)}`,
      },
      body: JSON.stringify(presentationQuery({ scopes: this.#scopes })),
    });
    // One text for every failure: the sender chose the address, and must not learn what answers there.
    if (!answer.ok || answer.value.status < 200 || answer.value.status > 299)
      return refuse('presentation.unavailable', `The credential service of ${did} did not present credentials.`);
    return parseJson(Buffer.from(answer.value.body).toString('utf8'));
  }
}
