import { type AuditReport, type ReportRequest, type RerunOutcome, rerunOutcome } from '@hansa/fair';
import { type Digest, isDigest, isJsonObject, type Json, type JsonObject } from '@hansa/kernel';
import { badUsage, CommandFailure } from '../failure.js';
import type { Session } from '../session.js';
import { digestOfFile } from './file-digest.js';
import { requestedOptions } from './option-names.js';
import type { FileAuditOptions, FileNames } from './options.js';
import { decisionOf, reportOf } from './run-file-audit.js';
import { ScoringModel } from './scoring-model.js';

/** The files of `hansa audit rerun`. */
export interface RerunFiles {
  readonly data?: string;
  readonly counts?: string;
  readonly model?: string;
  readonly training?: string;
}

/** A file of the report beside the one that was given for it. */
export interface RerunFile {
  readonly role: 'data' | 'model' | 'training';
  /** What the report calls it. */
  readonly name: string;
  readonly stated: Digest;
  /** Of the file that was given. */
  readonly found: Digest;
}

/** What came out, with the files that went in. */
export interface FilesRerun extends RerunOutcome {
  readonly files: readonly RerunFile[];
}

/** Runs the audit of a report of files again over the same files, or over those that somebody believes to be them. */
export async function rerunFiles(session: Session, report: AuditReport, given: RerunFiles): Promise<FilesRerun> {
  const request = requestOfReport(report);
  const paths = pathsFor(report, request, given);
  const files: RerunFile[] = [];
  for (const [role, { path, name, stated }] of paths)
    files.push({ role, name, stated, found: await digestOfFile(path, session.terminal) });
  session.progress('Running the audit again …');
  const path = (role: RerunFile['role']) => paths.get(role)?.path;
  const names: FileNames = Object.fromEntries([...paths].map(([role, { name }]) => [role, name]));
  const [file = '', training] = [path('data'), path('training')];
  const options: FileAuditOptions = {
    ...requestedOptions(request),
    ...(request.of === 'counts' && { counts: file }),
    ...(training !== undefined && { training }),
    ...(report.at !== undefined && { at: report.at }),
    names,
  };
  try {
    const again = await repeated(session, report, { ...options, file }, request, path('model'));
    return { ...rerunOutcome(report, again), files };
  } catch (error) {
    const other = files.filter(({ stated, found }) => stated !== found);
    if (!(error instanceof CommandFailure) || other.length === 0) throw error;
    const which = other.map(
      ({ role, name, stated, found }) => `${paths.get(role)?.path} is ${found}, and ${name} of the report is ${stated}`,
    );
    throw new CommandFailure(
      {
        ...error.problem,
        detail: `This is another file: ${which.join('; ')}. It cannot be audited alike: ${error.problem.detail}`,
      },
      2,
    );
  }
}

async function repeated(
  session: Session,
  { plan }: AuditReport,
  options: FileAuditOptions & { readonly file: string },
  request: ReportRequest,
  modelFile: string | undefined,
): Promise<AuditReport> {
  if (modelFile === undefined) {
    const decision = request.of === 'counts' ? null : decisionOf(options);
    return reportOf(options, { plan, decision, model: undefined }, session);
  }
  const model = await ScoringModel.open({ ...options, model: modelFile }, session.terminal, request.model);
  try {
    return await reportOf(options, { plan, decision: model.decision, model }, session);
  } finally {
    await model.close();
  }
}

/** How the report was asked for; a failure that says what to do where it cannot be run again from files. */
function requestOfReport({ federation, request, data, software }: AuditReport): ReportRequest {
  if (federation)
    throw badUsage(
      `The report is of ${federation.cities.length} cities, and no file holds the rows of all. Each city counts its own again (hansa audit count, with the plan of the report); then hold the report against their counts: hansa audit verify report.json ghent.json bruges.json`,
      '/federation',
    );
  if (request) return request;
  if (typeof data.dataset === 'string')
    throw badUsage(
      `The report is of a node, from its dataset ${data.dataset}. A node that has the same dataset and model runs it again: hansa audit rerun report.json, without --data.`,
      '/data/dataset',
    );
  throw badUsage(
    `The report does not say how it was asked for: a version of ${software.name} (${software.version}) wrote it that did not put that down. Run hansa audit run with the plan.json of the audit and its options, and compare the digests of the reports.`,
    '/request',
  );
}

interface NamedFile {
  readonly path: string;
  readonly name: string;
  readonly stated: Digest;
}

/** Which file stands for which of the report. Each must be given, and none that the report knows nothing of. */
function pathsFor(
  { data, model }: AuditReport,
  request: ReportRequest,
  given: RerunFiles,
): ReadonlyMap<RerunFile['role'], NamedFile> {
  const option = request.of === 'counts' ? '--counts' : '--data';
  const other = request.of === 'counts' ? given.data : given.counts;
  if (other !== undefined) throw badUsage(`The report is of ${request.of}: give the file with ${option}.`, option);
  const { training } = data;
  const wanted = [
    ['data', option, given[request.of === 'counts' ? 'counts' : 'data'], data],
    ['model', '--model', given.model, request.model && model],
    ['training', '--training', given.training, training],
  ] as const;
  return new Map(
    wanted.flatMap(([role, name, path, reference]) => {
      const stated = statedFile(reference);
      if (stated === undefined) {
        if (path !== undefined) throw badUsage(`The report knows of no ${role} file; leave out ${name}.`, name);
        return [];
      }
      if (path === undefined)
        throw badUsage(`The audit looked at ${stated.name} (${stated.stated}): give it with ${name}.`, name);
      return [[role, { path, ...stated }] as const];
    }),
  );
}

function statedFile(reference: Json | undefined): Pick<NamedFile, 'name' | 'stated'> | undefined {
  if (!isJsonObject(reference ?? null)) return undefined;
  const { file, digest } = reference as JsonObject;
  return typeof file === 'string' && isDigest(digest) ? { name: file, stated: digest } : undefined;
}
