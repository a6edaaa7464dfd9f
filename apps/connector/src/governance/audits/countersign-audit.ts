import {
  countersignWithDataIntegrity,
  type ResolveDid,
  type SignedCredential,
  type Verified,
  verifyDataIntegrity,
} from '@hansa/dcp';
import {
  type AnsweredFinding,
  answeredFindings,
  blockingFindings,
  type FindingAnswer,
  reportDigest,
  reportFrom,
} from '@hansa/fair';
import { type Clock, digestOf, isJsonObject, type JsonObject, ok, parseJson, type Result, refuse } from '@hansa/kernel';
import type { UnitOfWork } from '@hansa/platform';
import type { NodeIdentity } from '../../identity/index.js';
import type { Ledger } from '../../ledger/index.js';
import { isDone } from './audit.js';
import type { AuditResponses } from './audit-responses.js';
import type { AuditStatusList } from './audit-status-list.js';
import type { Audits } from './audits.js';

type FetchList = (url: string) => Promise<Result<string>>;

/** What somebody is asked to put their name to: another party's credential, and the report that it is about. */
export interface CountersignRequest {
  readonly credential: JsonObject;
  readonly report: JsonObject;
  /** What was said about the findings. */
  readonly answers: readonly FindingAnswer[];
}

/**
 * The second signature under an audit. One node gives it, the node that made the audit takes it in; neither does while
 * a grave finding is open.
 */
export class CountersignAudit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audits: Audits,
    private readonly responses: AuditResponses,
    private readonly statusList: AuditStatusList,
    private readonly identity: NodeIdentity,
    private readonly ports: { readonly resolveDid: ResolveDid; readonly fetchList: FetchList },
    private readonly ledger: Ledger,
    private readonly clock: Clock,
  ) {}

  /** Signs the credential of another party's audit as well. */
  async give({ credential, report: document, answers }: CountersignRequest): Promise<Result<JsonObject>> {
    const now = this.clock.now();
    const { resolveDid, fetchList } = this.ports;
    const verified = await verifyDataIntegrity(credential, { resolveDid, now, fetchStatusList: fetchList });
    if (!verified.ok) return verified;
    const report = reportFrom(document);
    if (!report) return refuse('audit.invalid-report', 'The report does not have the form of one.', '/report');
    const digest = reportDigest(report);
    if (subjectOf(verified.value).reportDigest !== digest)
      return refuse('audit.invalid-report', `The credential is about another report than ${digest}.`, '/report');
    const open = refusedFor(answeredFindings(report, answers, now.toISOString().slice(0, 10)));
    if (open) return open;
    const signed = await countersignWithDataIntegrity(credential, { signer: this.identity.report, now });
    if (!signed.ok) return refuse('audit.conflict', signed.problem.detail);
    const { issuer } = verified.value;
    const id = String(subjectOf(verified.value).id);
    await this.unitOfWork.run((tx) =>
      this.ledger.append(tx, {
        kind: 'audit.countersignature-given',
        subjects: [id],
        data: { issuer, reportDigest: digest },
      }),
    );
    return signed;
  }

  /** Takes in the counter-signature of another party under an audit of this node. */
  async take(id: string, credential: JsonObject): Promise<Result<readonly string[]>> {
    const known = await this.audits.report(id);
    if (!known.ok) return known;
    const verified = await this.#verifyOwn(credential);
    if (!verified.ok) return verified;
    const signers = (verified.value.counterSignatures ?? []).map(({ signer }) => signer);
    return this.unitOfWork.run(async (tx): Promise<Result<readonly string[]>> => {
      const audit = await this.audits.lock(tx, id);
      if (!audit.ok) return audit;
      const issued = await this.audits.report(id, tx);
      if (!issued.ok) return issued;
      if (!isDone(audit.value) || audit.value.state.revocation)
        return refuse('audit.conflict', 'Only an audit with a verdict that was not revoked can be counter-signed.');
      const open = refusedFor(await this.responses.of(id, issued.value, tx));
      if (open) return open;
      if (!isSameDocument(issued.value.credential, credential) || signers.length === 0)
        return refuse('audit.conflict', 'It is not the credential of this audit with a further signature.');
      const text = JSON.stringify(credential);
      await this.audits.replaceCredential(tx, id, text);
      const data = { signers, credentialDigest: digestOf(text), reportDigest: audit.value.state.outcome.reportDigest };
      await this.ledger.append(tx, { kind: 'audit.countersigned', subjects: [id], data });
      return ok(signers);
    });
  }

  async #verifyOwn(credential: JsonObject): Promise<Result<Verified<SignedCredential>>> {
    const list = await this.statusList.sign();
    return verifyDataIntegrity(credential, {
      resolveDid: this.ports.resolveDid,
      now: this.clock.now(),
      fetchStatusList: async () => ok(list),
      expectedIssuer: this.identity.did,
    });
  }
}

function subjectOf({ credential }: SignedCredential): JsonObject {
  return isJsonObject(credential.credentialSubject) ? credential.credentialSubject : {};
}

/** The refusal while grave findings are open, with their list; null when there are none. */
function refusedFor(findings: readonly AnsweredFinding[]): ReturnType<typeof refuse> | null {
  const open = blockingFindings(findings);
  if (open.length === 0) return null;
  const list = open.map(({ finding, text }) => `${text} (${finding})`).join(' ');
  const which = open.length === 1 ? 'A grave finding is' : `${open.length} grave findings are`;
  return refuse('audit.conflict', `${which} open. Accept each with a reason or resolve it first: ${list}`);
}

/** The same document, the issuer's proof included, and every signature that was there. */
function isSameDocument(stored: string, given: JsonObject): boolean {
  const before = parseJson(stored);
  if (!before.ok || !isJsonObject(before.value)) return false;
  const { proof: old, ...document } = before.value;
  const { proof: fresh, ...other } = given;
  const listed = (proof: unknown) => (Array.isArray(proof) ? proof : [proof]).map((one) => JSON.stringify(one));
  const known = new Set(listed(fresh));
  return JSON.stringify(document) === JSON.stringify(other) && listed(old).every((proof) => known.has(proof));
}
