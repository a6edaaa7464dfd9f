import type { AuditEvidence, AuditReport, ModelFacts, Publication, RegisterEntry, RegisterMaterial } from '@hansa/fair';
import type { Json } from '@hansa/kernel';
import { type DoneAudit, isDone } from '../audits/audit.js';
import type { Audits } from '../audits/audits.js';
import type { HostedModel } from '../models/hosted-model.js';
import type { Models } from '../models/models.js';
import type { PublishedRecord, RegisterVersion } from './register-record.js';

/** As many audits of a model tell its story. */
const mostAudits = 50;

/** Finds what an entry is linked to: models, their audits, and the audits that it names itself. */
export class GatherMaterial {
  constructor(
    private readonly models: Models,
    private readonly audits: Audits,
    /** Without a slash at the end. */
    private readonly publicUrl: string,
  ) {}

  /** All that exports and pages are made of. */
  async run(entry: RegisterEntry, publication: Publication | null): Promise<RegisterMaterial> {
    const [models, audits] = await Promise.all([this.modelsOf(entry), this.auditsOf(entry)]);
    const evidence = await Promise.all(audits.map((audit) => this.#evidence(audit)));
    return { entry, models: models.map(modelFacts), audits: evidence.flatMap((one) => one ?? []), publication };
  }

  /** The audits with a verdict, newest first, the revoked ones too. */
  async auditsOf({ models = [], audits = [] }: RegisterEntry): Promise<readonly DoneAudit[]> {
    const [named, ofModels] = await Promise.all([
      Promise.all(audits.map((id) => this.audits.find(id))),
      Promise.all(models.map((id) => this.audits.listDone(mostAudits, id))),
    ]);
    const found = [...ofModels.flat(), ...named.flatMap((one) => (one.ok && isDone(one.value) ? [one.value] : []))];
    const once = new Map(found.map((audit) => [audit.id, audit]));
    return [...once.values()].sort((a, b) => {
      const [at, bt] = [a.state.outcome.issuedAt, b.state.outcome.issuedAt];
      return at === bt ? (a.id < b.id ? -1 : 1) : bt < at ? -1 : 1;
    });
  }

  /** Where a version stands in the register. What an audit adds later changes the entry, too. */
  publicationOf({ record, versions }: PublishedRecord, version: RegisterVersion): Publication {
    const first = versions.at(-1) ?? version;
    return {
      id: record.id.replace(/^urn:uuid:/, ''),
      version: version.number,
      firstPublishedAt: first.publishedAt.toISOString(),
      changedAt: version.publishedAt.toISOString(),
      page: this.pageOf(record.id),
    };
  }

  pageOf(id: string): string {
    return `${this.publicUrl}/register/${encodeURIComponent(id)}`;
  }

  /** The hosted models among those that an entry names. */
  async modelsOf({ models = [] }: RegisterEntry): Promise<readonly HostedModel[]> {
    const found = await Promise.all(models.map((id) => this.models.find(id)));
    return found.flatMap((one) => (one.ok ? [one.value] : []));
  }

  async #evidence({ id, state }: DoneAudit): Promise<AuditEvidence | null> {
    const stored = await this.audits.report(id);
    if (!stored.ok) return null;
    const report: AuditReport = JSON.parse(stored.value.report);
    const { issuedAt, validUntil } = state.outcome;
    const page = `${this.publicUrl}/audits/${encodeURIComponent(id)}`;
    const isRevoked = state.revocation !== null;
    return { id, report, issuedAt, validUntil, isRevoked, page, credential: `${page}/credential.json` };
  }
}

function modelFacts({ digest, card, signature }: HostedModel): ModelFacts {
  const { name, version, description, intendedUse, limitations, owners, licence, threshold } = card;
  const trainingData: Json = card.trainingData ?? null;
  const names = (values: HostedModel['signature']['inputs']) => values.map((value) => value.name);
  return {
    name,
    version,
    digest,
    description: description === '' ? null : description,
    intendedUse,
    limitations,
    owners,
    licence,
    threshold,
    inputs: names(signature.inputs),
    outputs: names(signature.outputs),
    trainingData,
  };
}
