import { type AtsValues, exportFormats } from '@hansa/fair';
import { paths } from './paths.js';
import { chosenRows, type RegisterView, type SystemView, standingOf } from './register-view.js';

/** The list as data: the same rows in the same order as on the page. */
export function registerDocument({ node, rows, choice }: RegisterView): object {
  const items = chosenRows(rows, choice).map((row) => ({
    id: row.id,
    kind: row.kind,
    page: node.publicUrl + row.address,
    name: row.name,
    description_short: row.purpose,
    domain: row.domain,
    status: row.status,
    risk_category: row.risk,
    audit: standingOf(row),
    audited_at: row.newest?.issuedAt ?? null,
  }));
  return { items, schema: node.publicUrl + paths.schema('entry') };
}

/** One version of an entry as data: everything that its page says, but not who on the staff wrote it. */
export function systemDocument(view: SystemView): object {
  const { node, record, version, versions, isNewest, filled, material, audits, history, fairness } = view;
  const at = (path: string): string => node.publicUrl + path;
  const values: AtsValues = { ...filled, ...version.content };
  return {
    id: record.id,
    version: version.number,
    newest: isNewest,
    first_published_at: versions.at(-1)?.publishedAt,
    published_at: version.publishedAt,
    note: version.note,
    retired: record.isRetired,
    entry: values,
    from_audits: Object.keys(filled),
    models: material.models,
    fairness: isNewest ? fairness : [],
    audits: audits.map(({ id, state: { outcome, revocation } }) => ({
      id,
      verdict: outcome.verdict,
      revoked: revocation !== null,
      issued_at: outcome.issuedAt,
      valid_until: outcome.validUntil,
      page: at(paths.audit(id)),
      report: at(paths.report(id)),
      credential: at(paths.credential(id)),
    })),
    exports: Object.fromEntries(exportFormats.map((format) => [format, at(paths.systemExport(record.id, format))])),
    history: history.map(({ number, publishedAt, note, changes }) => ({
      version: number,
      published_at: publishedAt,
      note,
      changes,
      address: at(paths.systemVersion(record.id, number)),
    })),
  };
}
