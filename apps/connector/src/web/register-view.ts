import { type AtsStatus, fairnessWords, newestAudit } from '@hansa/fair';
import type { Standing } from '@hansa/report';
import type { RegisteredSystem, SystemFile } from '../governance/index.js';
import { type AuditLine, auditLine } from './audit-view.js';
import { paths } from './paths.js';
import type { NodeView, RegisterLine } from './view.js';

/** One line of the register: a system that an entry describes, or a hosted model that none describes. */
export interface RegisterRow {
  readonly kind: 'system' | 'model';
  readonly id: string;
  readonly address: string;
  readonly name: string;
  /** What it does, in a sentence. */
  readonly purpose: string;
  /** These three are known of systems only. */
  readonly domain: string | null;
  readonly status: string | null;
  readonly risk: string | null;
  readonly newest: AuditLine | null;
}

export type RegisterSort = 'name' | 'verdict' | 'date';

/** What readers have chosen; null chooses everything. */
export interface RegisterChoice {
  readonly sort: RegisterSort;
  readonly standing: Standing | null;
  readonly domain: string | null;
  readonly status: string | null;
  readonly risk: string | null;
}

export interface RegisterView {
  readonly node: NodeView;
  readonly rows: readonly RegisterRow[];
  readonly choice: RegisterChoice;
}

/** A system's page: one version of its entry, with what is linked to it. */
export interface SystemView extends SystemFile {
  readonly node: NodeView;
  readonly newest: AuditLine | null;
  /** What the newest audit says about fairness, in words; empty where there is none. */
  readonly fairness: readonly string[];
}

export function modelRow({ model, newest }: RegisterLine): RegisterRow {
  const { name, version, intendedUse } = model.card;
  return {
    kind: 'model',
    id: model.id,
    address: paths.model(model.id),
    name: `${name} ${version}`,
    purpose: intendedUse,
    domain: null,
    status: null,
    risk: null,
    newest,
  };
}

export function systemRow({ record, version, newestAudit: audit }: RegisteredSystem): RegisterRow {
  const { name = '', description_short = '', domain, status, risk_category } = version.content;
  return {
    kind: 'system',
    id: record.id,
    address: paths.system(record.id),
    name,
    purpose: description_short,
    domain: domain ?? null,
    status: status ?? null,
    risk: risk_category ?? null,
    newest: audit && auditLine(audit),
  };
}

export function systemView(node: NodeView, file: SystemFile): SystemView {
  const { material, audits } = file;
  const [newest] = audits;
  const told = newestAudit(material.audits) ?? material.audits[0];
  return {
    ...file,
    node,
    newest: newest ? auditLine(newest) : null,
    fairness: told ? fairnessWords(told) : [],
  };
}

/** The rows that fit what readers have chosen, in the order that they chose. */
export function chosenRows(rows: readonly RegisterRow[], choice: RegisterChoice): readonly RegisterRow[] {
  const { standing, domain, status, risk } = choice;
  const fits = (row: RegisterRow): boolean =>
    (standing === null || standingOf(row) === standing) &&
    (domain === null || row.domain === domain) &&
    (status === null || row.status === status) &&
    (risk === null || row.risk === risk);
  return sorted(rows.filter(fits), choice.sort);
}

export function standingOf({ newest }: RegisterRow): Standing {
  return newest?.standing ?? 'none';
}

/** What needs attention comes first. */
export const standings: readonly Standing[] = ['fail', 'revoked', 'insufficient-data', 'none', 'pass'];

/** By name; by what needs attention; or the newest audit first and those without one at the end. */
function sorted(rows: readonly RegisterRow[], sort: RegisterSort): readonly RegisterRow[] {
  const byName = (a: RegisterRow, b: RegisterRow): number => a.name.localeCompare(b.name, 'en', { numeric: true });
  const date = ({ newest }: RegisterRow): number => newest?.issuedAt.getTime() ?? Number.NEGATIVE_INFINITY;
  const rank = (row: RegisterRow): number => standings.indexOf(standingOf(row));
  return [...rows].sort((a, b) => {
    if (sort === 'verdict') return rank(a) - rank(b) || byName(a, b);
    if (sort === 'date' && date(a) !== date(b)) return date(b) < date(a) ? -1 : 1;
    return byName(a, b);
  });
}

/** What a status means to somebody who does not know the standard. */
export const statusWords: Readonly<Record<AtsStatus, string>> = {
  planned: 'Planned, not in use',
  design: 'Being designed, not in use',
  development: 'Being developed, not in use',
  pilot: 'In use, as a trial',
  evaluation: 'In use, being evaluated',
  operational: 'In use',
  retired: 'No longer in use',
};
