import {
  acceptCredentials,
  buildPresentations,
  type CredentialDelivery,
  credentialRequestMessage,
  grantedScopes,
  issueSelfIssuedToken,
  parseIssuerMetadata,
  type ResolveDid,
  type Scope,
  scopeMatches,
  serviceEndpoint,
  type VerifiedCredential,
} from '@hansa/dcp';
import { type Clock, type Did, type Ids, ok, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient, UnitOfWork } from '@hansa/platform';
import type { DataSource } from 'typeorm';
import type { NodeIdentity } from '../node-identity.js';

export interface HeldCredential {
  readonly id: string;
  readonly type: string;
  readonly issuer: string;
  readonly validUntil: string | null;
}

export interface CredentialRequestState {
  readonly holderPid: string;
  readonly issuer: string;
  readonly types: readonly string[];
  readonly status: 'REQUESTED' | 'ISSUED' | 'REJECTED';
  readonly reason: string | null;
}

/** The credentials that this node holds, and how it gets and shows them (DCP 1.0 §5 and §6, the holder's side). */
export class Wallet {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly identity: NodeIdentity,
    private readonly resolveDid: ResolveDid,
    private readonly client: GuardedClient,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** Asks an issuer for credentials; they arrive later at our Credential Service. */
  async request(issuer: Did, types: readonly string[]): Promise<Result<CredentialRequestState>> {
    const document = await this.resolveDid(issuer, { refresh: true });
    if (!document.ok) return document;
    const service = serviceEndpoint(document.value, 'IssuerService');
    if (!service.ok) return service;
    const base = service.value.replace(/\/$/, '');
    const fetched = await this.client.getJson(`${base}/metadata`);
    if (!fetched.ok) return fetched;
    const metadata = parseIssuerMetadata(fetched.value);
    if (!metadata.ok) return metadata;
    const credentials: { id: string }[] = [];
    for (const type of types) {
      const object = metadata.value.credentials.find((one) => one.credentialType === type);
      if (!object) return refuse('credential.not-found', `${issuer} does not issue credentials of the type "${type}".`);
      credentials.push({ id: object.id });
    }
    const holderPid = this.ids.next();
    // Stored before it is sent: the delivery may be faster than the answer.
    await this.dataSource.query(
      `INSERT INTO credential_request (holder_pid, issuer, types, status) VALUES ($1, $2, $3, 'REQUESTED')`,
      [holderPid, issuer, types],
    );
    const { did, participant: signer } = this.identity;
    const token = { signer, did, audience: issuer, now: this.clock.now(), jti: this.ids.next() };
    const answer = await this.client.request({
      method: 'POST',
      url: `${base}/credentials`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await issueSelfIssuedToken(token)}` },
      body: JSON.stringify(credentialRequestMessage({ holderPid, credentials })),
    });
    if (answer.ok && answer.value.status >= 200 && answer.value.status < 300) return this.requestState(holderPid);
    const why = answer.ok ? `the issuer answered ${answer.value.status}` : answer.problem.detail;
    await this.#close(holderPid, 'REJECTED', why);
    return refuse('credential.request-failed', `The credential was not requested: ${why}.`);
  }

  async requestState(holderPid: string): Promise<Result<CredentialRequestState>> {
    const [row] = await this.dataSource.query(
      'SELECT holder_pid AS "holderPid", issuer, types, status, reason FROM credential_request WHERE holder_pid = $1',
      [holderPid],
    );
    return row ? ok(row) : refuse('credential.not-found', `There is no credential request ${holderPid}.`);
  }

  /** Takes what an issuer delivers, if it is what we asked that issuer for. A repeat changes nothing. */
  async receive(sender: Did, delivery: CredentialDelivery): Promise<Result<null>> {
    const state = await this.requestState(delivery.holderPid);
    if (!state.ok || state.value.issuer !== sender)
      return refuse('credential.not-requested', 'The delivery answers no request that was sent to this issuer.');
    if (state.value.status !== 'REQUESTED') return ok(null);
    if (delivery.status === 'REJECTED') {
      await this.#close(delivery.holderPid, 'REJECTED', delivery.rejectionReason ?? null);
      return ok(null);
    }
    const accepted = await acceptCredentials(delivery, {
      request: { holderPid: delivery.holderPid, issuer: sender, types: state.value.types },
      sender,
      holder: this.identity.did,
      now: this.clock.now(),
      resolveDid: this.resolveDid,
    });
    if (!accepted.ok) return accepted;
    await this.unitOfWork.run(async (tx) => {
      for (const credential of accepted.value)
        await tx.manager.query(
          `INSERT INTO credential (id, type, issuer, jwt, valid_until) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (issuer, id) DO UPDATE SET jwt = excluded.jwt, valid_until = excluded.valid_until`,
          [
            credential.id ?? this.ids.next(),
            specificType(credential),
            sender,
            credential.jwt,
            credential.validUntil ?? null,
          ],
        );
      await tx.manager.query(`UPDATE credential_request SET status = 'ISSUED' WHERE holder_pid = $1`, [
        delivery.holderPid,
      ]);
    });
    return ok(null);
  }

  async list(): Promise<readonly HeldCredential[]> {
    return this.dataSource.query(
      'SELECT id, type, issuer, valid_until AS "validUntil" FROM credential ORDER BY received_at DESC',
    );
  }

  /** Wraps the credentials that the verifier asked for and was granted; the newest of each type (DCP 1.0 §5.4). */
  async present(
    verifier: Did,
    requested: readonly Scope[],
    granted: readonly Scope[],
  ): Promise<Result<readonly string[]>> {
    const rows: { id: string; type: string; jwt: string }[] = await this.dataSource.query(
      'SELECT id, type, jwt FROM credential WHERE valid_until IS NULL OR valid_until > $1 ORDER BY received_at DESC',
      [this.clock.now()],
    );
    const chosen = new Set<string>();
    for (const scope of grantedScopes(requested, granted)) {
      const match = rows.find((row) => scopeMatches(scope, { id: row.id, type: [row.type], context: [] }));
      if (match) chosen.add(match.jwt);
    }
    const { did: holder, participant: signer } = this.identity;
    const now = this.clock.now();
    return buildPresentations({ credentials: [...chosen], holder, signer, audience: verifier, now, ids: this.ids });
  }

  async #close(holderPid: string, status: string, reason: string | null): Promise<void> {
    await this.dataSource.query('UPDATE credential_request SET status = $2, reason = $3 WHERE holder_pid = $1', [
      holderPid,
      status,
      reason,
    ]);
  }
}

function specificType(credential: VerifiedCredential): string {
  return credential.type.find((type) => type !== 'VerifiableCredential') ?? 'VerifiableCredential';
}
