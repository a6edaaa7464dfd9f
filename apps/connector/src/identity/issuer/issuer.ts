import {
  type CredentialRequest,
  type CredentialRequestStatus,
  createStatusList,
  credentialMessage,
  issueCredential,
  issuerMetadata,
  issueStatusList,
  type ResolveDid,
  serviceEndpoint,
  statusListSize,
  withStatus,
} from '@hansa/dcp';
import { type Clock, type Did, type Ids, type JsonObject, ok, type Random, type Result, refuse } from '@hansa/kernel';
import type { Outbox, Transaction, UnitOfWork } from '@hansa/platform';
import type { DataSource } from 'typeorm';
import type { Ledger, LedgerEvent } from '../../ledger/index.js';
import type { NodeIdentity } from '../node-identity.js';

export const issuanceTopic = 'issuance';

/** What this issuer issues. */
const membership = { id: 'membership', type: 'MembershipCredential', format: 'vc20-bssl/jwt' } as const;
const validity = 365 * 24 * 3600 * 1000;
/** A status list is signed anew whenever it is asked for; verifiers may keep it so long. */
const listValidity = 24 * 3600 * 1000;

export interface Member {
  readonly did: Did;
  /** What the credential says about the member, for instance `{ city: 'Bruges', country: 'BE' }`. */
  readonly claims: JsonObject;
}

export interface IssuedCredential {
  readonly id: string;
  readonly holder: string;
  readonly type: string;
  readonly validUntil: string;
  readonly revokedAt: string | null;
}

/** Issues membership credentials to the participants that the authority has admitted (DCP 1.0 §6, issuer's side). */
export class Issuer {
  constructor(
    private readonly dataSource: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly ledger: Ledger,
    private readonly identity: NodeIdentity,
    private readonly resolveDid: ResolveDid,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly random: Random,
  ) {}

  metadata(): JsonObject {
    const credential = {
      id: membership.id,
      credentialType: membership.type,
      profile: membership.format,
      credentialSchema: '',
      offerReason: 'reissue',
      bindingMethods: ['did:web'],
    };
    return issuerMetadata({ issuer: this.identity.did, credentials: [credential] });
  }

  async admit({ did, claims }: Member): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      await tx.manager.query(
        'INSERT INTO member (did, claims) VALUES ($1, $2) ON CONFLICT (did) DO UPDATE SET claims = excluded.claims',
        [did, claims],
      );
      await this.ledger.append(tx, { kind: 'member.admitted', subjects: [did], data: { claims } });
    });
  }

  /** Ends a membership: no further credential is issued, and those that were are revoked. */
  async remove(did: Did): Promise<Result<null>> {
    return this.unitOfWork.run(async (tx): Promise<Result<null>> => {
      const [, count] = await tx.manager.query('DELETE FROM member WHERE did = $1', [did]);
      if (count === 0) return refuse('member.not-found', `${did} is not a member of this data space.`);
      const [revoked]: [{ id: string }[], number] = await tx.manager.query(
        'UPDATE issued_credential SET revoked_at = $2 WHERE holder = $1 AND revoked_at IS NULL RETURNING id',
        [did, this.clock.now()],
      );
      const removed = { kind: 'member.removed', subjects: [did], data: {} };
      await this.ledger.append(tx, removed, ...revoked.map(({ id }) => revocation(id, did)));
      return ok(null);
    });
  }

  async members(): Promise<readonly (Member & { readonly admittedAt: string })[]> {
    return this.dataSource.query('SELECT did, claims, admitted_at AS "admittedAt" FROM member ORDER BY did');
  }

  async issued(): Promise<readonly IssuedCredential[]> {
    return this.dataSource.query(
      `SELECT id, holder, type, valid_until AS "validUntil", revoked_at AS "revokedAt"
       FROM issued_credential ORDER BY issued_at DESC`,
    );
  }

  /** Decides on a request at once and lets the outbox deliver the outcome to the holder's Credential Service. */
  async receive(holder: Did, request: CredentialRequest): Promise<Result<{ readonly issuerPid: string }>> {
    const unknown = request.credentials.find(({ id }) => id !== membership.id);
    if (unknown)
      return refuse('credential.not-found', `There is no credential "${unknown.id}" here; see the metadata.`);
    const document = await this.resolveDid(holder, { refresh: false });
    if (!document.ok) return document;
    const service = serviceEndpoint(document.value, 'CredentialService');
    if (!service.ok) return service;
    const issuerPid = this.ids.next();
    await this.unitOfWork.run(async (tx) => {
      const [member] = await tx.manager.query('SELECT claims FROM member WHERE did = $1', [holder]);
      const pids = { issuerPid, holderPid: request.holderPid };
      const issued = member ? await this.#issue(tx, holder, member.claims) : null;
      const delivery = issued
        ? credentialMessage({ ...pids, status: 'ISSUED', credentials: [issued.credential] })
        : credentialMessage({
            ...pids,
            status: 'REJECTED',
            rejectionReason: `${holder} is not a member of this data space.`,
          });
      await tx.manager.query(
        'INSERT INTO issuance_request (issuer_pid, holder_pid, holder, status) VALUES ($1, $2, $3, $4)',
        [issuerPid, request.holderPid, holder, issued ? 'ISSUED' : 'REJECTED'],
      );
      const url = `${service.value.replace(/\/$/, '')}/credentials`;
      const body = JSON.stringify(delivery);
      await this.outbox.add(tx, { topic: issuanceTopic, processId: issuerPid, counterparty: holder, url, body });
      if (issued) await this.ledger.append(tx, issued.entry);
    });
    return ok({ issuerPid });
  }

  /** The state of a request, for its requester only. */
  async requestState(holder: Did, issuerPid: string): Promise<Result<CredentialRequestStatus>> {
    const [row] = await this.dataSource.query(
      `SELECT issuer_pid AS "issuerPid", holder_pid AS "holderPid", status FROM issuance_request
       WHERE issuer_pid = $1 AND holder = $2`,
      [issuerPid, holder],
    );
    return row ? ok(row) : refuse('credential.not-found', `There is no request ${issuerPid}.`);
  }

  async revoke(id: string): Promise<Result<null>> {
    return this.unitOfWork.run(async (tx): Promise<Result<null>> => {
      const [[revoked]]: [{ holder: string }[], number] = await tx.manager.query(
        'UPDATE issued_credential SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING holder',
        [id, this.clock.now()],
      );
      if (revoked) await this.ledger.append(tx, revocation(id, revoked.holder));
      else if ((await tx.manager.query('SELECT 1 FROM issued_credential WHERE id = $1', [id])).length === 0)
        return refuse('credential.not-found', `This node has issued no credential ${id}.`);
      return ok(null);
    });
  }

  /** The signed list of revoked credentials (Bitstring Status List 1.0). */
  async statusList(): Promise<string> {
    const rows: { status_index: number }[] = await this.dataSource.query(
      'SELECT status_index FROM issued_credential WHERE revoked_at IS NOT NULL',
    );
    const bits = rows.reduce((list, row) => withStatus(list, row.status_index, true), createStatusList());
    const now = this.clock.now();
    return issueStatusList({
      signer: this.identity.credential,
      issuer: this.identity.did,
      url: this.#statusListUrl,
      purpose: 'revocation',
      bits,
      validFrom: now,
      validUntil: new Date(now.getTime() + listValidity),
    });
  }

  get #statusListUrl(): string {
    return `${this.identity.publicUrl}/dcp/issuance/status-lists/1`;
  }

  async #issue(tx: Transaction, holder: Did, claims: JsonObject) {
    const validFrom = this.clock.now();
    const validUntil = new Date(validFrom.getTime() + validity);
    const id = this.ids.next();
    const statusListIndex = await this.#freeIndex(tx);
    await tx.manager.query(
      'INSERT INTO issued_credential (id, holder, type, status_index, valid_until) VALUES ($1, $2, $3, $4, $5)',
      [id, holder, membership.type, statusListIndex, validUntil],
    );
    const payload = await issueCredential({
      signer: this.identity.credential,
      issuer: this.identity.did,
      subject: holder,
      type: membership.type,
      claims,
      validFrom,
      validUntil,
      status: {
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex,
        statusListCredential: this.#statusListUrl,
      },
      id,
    });
    const entry: LedgerEvent = {
      kind: 'credential.issued',
      subjects: [id, holder],
      data: { type: membership.type, validUntil: validUntil.toISOString() },
    };
    return { credential: { credentialType: membership.type, payload, format: membership.format }, entry };
  }

  /** A random place, so that an index says nothing about when a credential was issued (Bitstring Status List 1.0 §5.2). */
  async #freeIndex(tx: Transaction): Promise<number> {
    for (;;) {
      const index = Math.floor(this.random() * statusListSize);
      const taken = await tx.manager.query('SELECT 1 FROM issued_credential WHERE status_index = $1', [index]);
      if (taken.length === 0) return index;
    }
  }
}

const revocation = (id: string, holder: string): LedgerEvent => ({
  kind: 'credential.revoked',
  subjects: [id, holder],
  data: { type: membership.type },
});
