import { basename, resolve } from 'node:path';
import {
  type AuditReport,
  type CityCounts,
  mergeCounts,
  pooledReport,
  readAuditCounts,
  reportBytes,
} from '@hansa/fair';
import { canonicalJson } from '@hansa/kernel';
import { reportDocument } from '@hansa/report';
import { readObject } from '../arguments.js';
import { badUsage, CommandFailure, orFail } from '../failure.js';
import { packageVersion } from '../package-root.js';
import type { Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import { exitCodes, reportText, write } from './run-file-audit.js';

/** The options of `hansa audit merge`. */
export interface MergeOptions {
  readonly out?: string;
  readonly at?: string;
}

/** `hansa audit merge`: adds the counts of cities, judges the sum, and writes plan, report and page. */
export function mergeFiles(session: Session, files: readonly string[], { out, at }: MergeOptions): void {
  if (out === undefined) throw badUsage('Say where the report shall be written: --out <directory>.', '--out');
  if (at !== undefined && Number.isNaN(Date.parse(at))) throw badUsage('Write --at as 2026-11-23T10:00:00Z.', '--at');
  const pooled = orFail(mergeCounts(readCounts(files, session.terminal)), 2);
  const software = { name: 'hansa', version: packageVersion() };
  const stated = at === undefined ? {} : { at: new Date(at).toISOString() };
  const report = orFail(pooledReport(pooled, { ...stated, software }), 2);
  const directory = resolve(session.terminal.directory, out);
  write(directory, 'plan.json', `${canonicalJson(pooled.plan)}\n`);
  write(directory, 'report.json', reportBytes(report));
  write(directory, 'report.html', pageOf(report, pooled.cities, files, at));
  session.show(report, (shown) => reportText(shown, out, session.paint));
  session.exitCode = exitCodes[report.verdict.outcome];
}

/** Files of counts, each checked; what is wrong with one is said with its name. */
export function readCounts(files: readonly string[], terminal: Terminal): readonly CityCounts[] {
  return files.map((file) => {
    const read = readAuditCounts(readObject(file, terminal));
    if (read.ok) return read.value;
    const { kind, detail, at } = read.problem;
    throw new CommandFailure({ kind, detail: `${file}: ${detail}`, ...(at !== undefined && { at }) }, 2);
  });
}

function pageOf(report: AuditReport, cities: readonly CityCounts[], files: readonly string[], at: string | undefined) {
  const names = cities.map(({ document }) => document.countedBy);
  const words = files.map((file) => basename(file));
  return reportDocument(report, {
    subject: `the decisions of ${names.length} cities`,
    kind: report.model.decision === undefined ? 'model' : 'decisions',
    data: `counts of ${names.join(', ')}`,
    command: `hansa audit merge ${words.join(' ')}${at === undefined ? '' : ` --at ${at}`} --out audit`,
  });
}
