import { type Exported, type ExportFormat, type RegisterOverview, registerOverview } from '@hansa/fair';
import { type Clock, ok, type Result } from '@hansa/kernel';
import type { AuditReports, PublicRegister } from '../governance/index.js';
import { paths } from './paths.js';
import type { PublicPages } from './public-pages.js';
import {
  modelRow,
  type RegisterChoice,
  type RegisterRow,
  type RegisterView,
  type SystemView,
  systemRow,
  systemView,
} from './register-view.js';
import type { NodeView } from './view.js';

const mostSystems = 500;

/** Gathers what the pages of the algorithm register show, and what programs get instead. */
export class PublicRegisterPages {
  constructor(
    private readonly pages: PublicPages,
    private readonly register: PublicRegister,
    private readonly reports: AuditReports,
    private readonly clock: Clock,
  ) {}

  get node(): NodeView {
    return this.pages.node;
  }

  async list(choice: RegisterChoice): Promise<RegisterView> {
    const { systems, models } = await this.#all();
    const rows: readonly RegisterRow[] = [...systems.map(systemRow), ...models.map(modelRow)];
    return { node: this.pages.node, rows, choice };
  }

  /** @param choice the version: by number, by the moment at which it stood, or the newest */
  async system(id: string, choice: { readonly number?: number; readonly at?: Date } = {}): Promise<Result<SystemView>> {
    const found = await this.register.system(id, choice);
    return found.ok ? ok(systemView(this.pages.node, found.value)) : found;
  }

  export(id: string, format: ExportFormat): Promise<Result<Exported>> {
    return this.register.export(id, format, { withDrafts: false });
  }

  /** The three answers of MIM5. */
  async overview(): Promise<RegisterOverview> {
    const { city, did, publicUrl } = this.pages.node;
    const { systems, models } = await this.#all();
    const files = await Promise.all(systems.map(({ record }) => this.register.system(record.id)));
    const found = files.flatMap((file) => (file.ok ? [file.value] : []));
    const at = (path: string): string => publicUrl + path;
    const certificates = found.flatMap(({ record, audits }) =>
      audits.map(({ id, state: { outcome } }) => ({
        system: record.id,
        audit: id,
        issuer: did,
        verdict: outcome.verdict,
        issuedAt: outcome.issuedAt,
        validUntil: outcome.validUntil,
        credential: at(paths.credential(id)),
        report: at(paths.report(id)),
      })),
    );
    const revoked = found.flatMap(({ audits }) => audits.filter(({ state }) => state.revocation !== null));
    return registerOverview({
      organisation: did,
      name: city,
      systems: found.map(({ record, version, filled }) => ({
        id: record.id,
        page: at(paths.system(record.id)),
        values: { ...filled, ...version.content },
      })),
      modelsWithoutEntry: models.length,
      certificates,
      revoked: new Set(revoked.map(({ id }) => id)),
      addresses: {
        list: at(paths.register),
        schema: at(paths.schema('entry')),
        registry: at('/audits/status-lists/1'),
        reports: at(paths.schema('audit-report')),
      },
      now: this.clock.now().toISOString(),
    });
  }

  /** Systems that are described, and the hosted models that none of them names: each thing once. */
  async #all() {
    const [systems, hosted] = await Promise.all([
      this.register.list(mostSystems),
      this.reports.listModels(mostSystems),
    ]);
    const described = new Set(systems.flatMap(({ version }) => version.content.models ?? []));
    const models = await this.pages.lines(hosted.filter(({ id }) => !described.has(id)));
    return { systems, models };
  }
}
