import { resolve } from 'node:path';
import {
  type AuditPlan,
  type CellCounts,
  type CountedScores,
  cellCounts,
  columnsOfPlan,
  type DataReference,
  type Finding,
  type HumanBaseline,
  humanBaseline,
} from '@hansa/fair';
import { TableEngine } from '@hansa/tabular';
import { badUsage, orFail } from '../failure.js';
import type { Session } from '../session.js';
import type { Terminal } from '../terminal.js';
import type { AuditFileOptions, DecisionSource } from './audit-file.js';
import type { CountsSet } from './counts-file.js';
import { countsFindings } from './counts-findings.js';
import { fileFindings } from './file-findings.js';
import { modelFindings } from './model-findings.js';
import { type FileAuditOptions, nameOf } from './options.js';
import { columnNames, groupsByAttribute } from './plan-options.js';
import { proxyFindings } from './proxies.js';
import { sourceOf } from './read-audit-file.js';
import { readCountsFile } from './read-counts-file.js';
import { fileScores, readScored } from './read-scores.js';
import { repeatedIds } from './repeated-ids.js';
import { requirePositiveLabel, scoringOf } from './score-people.js';
import type { ScoringModel } from './scoring-model.js';
import { trainingFacts } from './training.js';

/** What was read from a file, ready to be judged. */
export interface Material {
  readonly data: DataReference;
  readonly counts: CellCounts;
  readonly findings: readonly Finding[];
  readonly scores?: CountedScores;
  readonly humanBaseline?: HumanBaseline;
}

/** Confusion tables of one population, out of a file of them. */
export async function readCounts(
  options: FileAuditOptions & { readonly counts: string },
  plan: AuditPlan,
  { directory }: Terminal,
): Promise<Material> {
  const { counts: file, suppressedBelow, population } = options;
  const name = nameOf(options, 'data', file);
  const tables = new TableEngine();
  try {
    const source = orFail(sourceOf(resolve(directory, file), undefined, name), 2);
    const read = orFail(
      await readCountsFile(tables, {
        ...source,
        attributes: columnsOfPlan(plan),
        ...(suppressedBelow !== undefined && { suppressedBelow }),
      }),
      2,
    );
    const set = chosen(read.sets, population);
    const { digest, format } = read.facts;
    // A column of the file that is called like one of these facts does not take its place.
    const data = {
      ...set.constants,
      digest,
      rows: set.counts.total.n ?? 0,
      file: name,
      format,
      ...(suppressedBelow !== undefined && { suppressedBelow }),
    };
    return { data, counts: { ...set.counts, apart: true }, findings: countsFindings(set, read, plan.attributes) };
  } finally {
    await tables.close();
  }
}

/** The tables of one population, where the file has several. */
function chosen(sets: readonly CountsSet[], population: string | undefined): CountsSet {
  const wanted = population === undefined ? {} : groupsByAttribute(population, '--population');
  const fitting = sets.filter(({ constants }) =>
    Object.entries(wanted).every(([column, value]) => constants[column] === value),
  );
  const [only, second] = fitting;
  if (only && !second) return only;
  const names = (only ? fitting : sets).slice(0, 10).map(({ constants }) =>
    Object.entries(constants)
      .map(([column, value]) => `${column}=${value}`)
      .join(','),
  );
  throw badUsage(
    `The file has tables of ${only ? 'several populations' : 'other populations'}; choose one with --population: ${names.join('; ')}.`,
    '--population',
  );
}

/** The column of `--human-baseline` and its positive values. */
function baselineOf({ humanBaseline: column, positiveBaseline }: FileAuditOptions) {
  if (column === undefined) {
    if (positiveBaseline !== undefined)
      throw badUsage(
        '--positive-baseline says which decisions by people are positive; name their column with --human-baseline.',
      );
    return undefined;
  }
  return {
    column,
    ...(positiveBaseline !== undefined && { positive: columnNames(positiveBaseline, '--positive-baseline') }),
  };
}

/** People with their labels and decisions, counted by the columns of the plan. */
export async function readPeople(
  options: FileAuditOptions & { readonly data: string },
  decision: DecisionSource,
  model: ScoringModel | undefined,
  plan: AuditPlan,
  session: Session,
): Promise<Material> {
  const { data: file, label = '', positive = '1', time, training } = options;
  const baseline = baselineOf(options);
  const tables = new TableEngine();
  const path = resolve(session.terminal.directory, file);
  try {
    const name = nameOf(options, 'data', file);
    const source = orFail(sourceOf(path, undefined, name), 2);
    const scoring = model && (await scoringOf(model, tables, source, { label }, session));
    const { attributes, intersections = [], controls, weight, cluster } = plan;
    const wanted: AuditFileOptions = {
      ...source,
      label,
      positive,
      oneAgainstRest: options.positive !== undefined,
      decision,
      ...(baseline && { baseline }),
      ...(scoring && { derived: scoring.derived }),
      protected: [...new Set([...attributes, ...intersections.flat()])],
      ...(controls && { control: controls }),
      ...(weight !== undefined && { weight }),
      ...(cluster !== undefined && { cluster }),
      ...(time !== undefined && { time }),
    };
    const read = orFail(await readScored(tables, wanted, plan.score), 2);
    if (model) requirePositiveLabel(model, read);
    const { joint, clusters, facts, ...counted } = read;
    const scores = plan.score && orFail(fileScores(counted, plan), 2);
    const { digest, rows, counted: people, format, columns } = facts;
    const data = {
      digest,
      rows: people,
      file: name,
      format,
      label,
      positive,
      ...(people < rows && { rowsInFile: rows }),
      columns: columns.map(({ name }) => name),
    };
    const seen =
      training &&
      orFail(
        await trainingFacts(tables, source, {
          file: resolve(session.terminal.directory, training),
          name: nameOf(options, 'training', training),
          rows,
        }),
        2,
      );
    const spoken = [
      label,
      decision.column,
      time,
      plan.score?.column,
      weight,
      cluster,
      baseline?.column,
      ...columnsOfPlan(plan),
    ];
    const others = spoken.flatMap((column) => column ?? []);
    const proxies = options.proxies
      ? orFail(await proxyFindings(tables, source, { attributes: plan.attributes, others, columns, rows }), 2)
      : [];
    const repeated = cluster === undefined ? await repeatedIds(tables, source, facts, others) : [];
    return {
      data: seen ? { ...data, training: seen.reference } : data,
      counts: orFail(
        cellCounts(joint, plan, cluster === undefined || !clusters ? undefined : { joint: clusters, cluster }),
        2,
      ),
      findings: [
        ...repeated,
        ...(seen ? seen.findings : []),
        ...fileFindings(facts, time),
        ...modelFindings(facts, scoring?.features),
        ...proxies,
      ],
      ...(scores && { scores }),
      ...(read.baseline && { humanBaseline: orFail(humanBaseline(read.baseline, plan), 2) }),
    };
  } finally {
    await tables.close();
  }
}
