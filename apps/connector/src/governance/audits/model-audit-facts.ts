import { type ResolveDid, verifyDataIntegrity } from '@hansa/dcp';
import { type Clock, type Digest, isJsonObject, type JsonObject, ok, parseJson } from '@hansa/kernel';
import type { AuditFact } from '@hansa/odrl';
import type { Datasets } from '../../catalog/index.js';
import type { NodeIdentity } from '../../identity/index.js';
import type { AuditFacts } from '../../policy/index.js';
import type { Models } from '../models/models.js';
import type { DoneAudit } from './audit.js';
import type { AuditStatusList } from './audit-status-list.js';
import type { Audits } from './audits.js';

interface Known {
  /** Everything that could change the answer, but for the time. */
  readonly state: string;
  readonly validUntil: number;
  readonly fact: AuditFact | undefined;
}

/**
 * What policies may know about the audit of an offered model: the verdict of its newest audit, as its credential says,
 * and only while that credential verifies. A database that was tampered with gives no fact, and policies deny.
 */
export class ModelAuditFacts implements AuditFacts {
  /** By model: a proof is verified once and not at every request. */
  readonly #known = new Map<Digest, Known>();

  constructor(
    private readonly datasets: Datasets,
    private readonly models: Models,
    private readonly audits: Audits,
    private readonly statusList: AuditStatusList,
    private readonly identity: NodeIdentity,
    private readonly resolveDid: ResolveDid,
    private readonly clock: Clock,
  ) {}

  async newestFor(datasetId: string): Promise<AuditFact | undefined> {
    const dataset = await this.datasets.find(datasetId);
    if (!dataset.ok || dataset.value.source.kind !== 'inference-service') return undefined;
    const model = await this.models.find(dataset.value.source.modelId);
    if (!model.ok) return undefined;
    const { digest } = model.value;
    const newest = await this.audits.newestOf(digest);
    if (!newest) return undefined;
    const stored = await this.audits.report(newest.id);
    if (!stored.ok) return undefined;
    const { credential } = stored.value;
    const state = JSON.stringify([newest.id, newest.state.revocation, credential]);
    const known = this.#known.get(digest);
    const current = known?.state === state ? known : { state, ...(await this.#verify(newest, digest, credential)) };
    this.#known.set(digest, current);
    return this.clock.now().getTime() <= current.validUntil ? current.fact : undefined;
  }

  async #verify(audit: DoneAudit, digest: Digest, text: string): Promise<Omit<Known, 'state'>> {
    const nothing = { validUntil: Number.POSITIVE_INFINITY, fact: undefined };
    const credential = parseJson(text);
    if (!credential.ok || !isJsonObject(credential.value)) return nothing;
    const list = await this.statusList.sign();
    const verified = await verifyDataIntegrity(credential.value, {
      resolveDid: this.resolveDid,
      now: this.clock.now(),
      fetchStatusList: async () => ok(list),
      expectedIssuer: this.identity.did,
      // A second party whose server is down must not take a permission away.
      issuerOnly: true,
    });
    // The status is looked at last: what is refused for it alone has a proof that verifies.
    const isRevoked = !verified.ok && verified.problem.kind === 'status.revoked';
    const read = verified.ok || isRevoked ? readFact(credential.value, audit.id, digest) : undefined;
    return read ? { validUntil: read.validUntil, fact: { ...read.fact, revoked: isRevoked } } : nothing;
  }
}

function readFact({ credentialSubject: subject, validFrom, validUntil }: JsonObject, id: string, digest: Digest) {
  if (!isJsonObject(subject) || subject.id !== id || subject.modelDigest !== digest) return undefined;
  const { verdict } = subject;
  const [issuedAt, until] = [new Date(String(validFrom)), Date.parse(String(validUntil))];
  if (verdict !== 'pass' && verdict !== 'fail' && verdict !== 'insufficient-data') return undefined;
  if (Number.isNaN(issuedAt.getTime()) || Number.isNaN(until)) return undefined;
  return { validUntil: until, fact: { verdict, issuedAt } as const };
}
