import { type MulticlassPlan, type Task, type TaskPlan, TaskPlanInput, taskPlanDefaults } from '@hansa/fair';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '@hansa/kernel';
import { readWritten } from '../../arguments.js';
import { badUsage } from '../../failure.js';
import type { Terminal } from '../../terminal.js';
import type { FileAuditOptions } from '../options.js';
import { columnNames, crossings } from '../plan-options.js';

/** Tasks beside yes-or-no decisions, as `--task` names them. */
const tasks = ['multiclass'] as const satisfies readonly Task[];

const byDefault = 'This is the default of the command; give --plan to decide for your case.';

const defaultMetrics = {
  multiclass: [
    {
      metric: 'accuracyDifference',
      margin: 0.1,
      reason: `Answers should be right about as often in every group: the shares may differ by at most ten points. ${byDefault}`,
    },
    {
      metric: 'equalizedOddsDifference',
      margin: 0.1,
      reason: `Mistakes should fall on all groups alike, for every class: among those who truly are of a class, and among those who are not, the shares that are said to be may differ by at most ten points. ${byDefault}`,
    },
  ] satisfies MulticlassPlan['metrics'],
} as const satisfies Record<Task, TaskPlan['metrics']>;

/** The task that options and plan name, which must agree; null for yes-or-no decisions. */
export function taskOf({ task, plan }: Pick<FileAuditOptions, 'task' | 'plan'>, terminal: Terminal): Task | null {
  const written = plan === undefined ? undefined : readWritten(plan, 'plan', '--plan', terminal).task;
  const asked = task ?? (typeof written === 'string' ? written : 'binary');
  if (written !== undefined && written !== asked)
    throw badUsage(`The plan is for the task ${JSON.stringify(written)}, and --task is ${asked}.`, '--task');
  if (asked === 'binary') return null;
  const known = tasks.find((own) => own === asked);
  if (known === undefined) throw badUsage(`--task is binary, ${tasks.join(' or ')}, not "${asked}".`, '--task');
  return known;
}

/** The plan of a task: what the options say, what the file of the plan says, and defaults for the rest. */
export function taskPlanOf(task: Task, options: FileAuditOptions, terminal: Terminal): TaskPlan {
  const { plan: file, label = '' } = options;
  const written = file === undefined ? {} : readWritten(file, 'plan', '--plan', terminal);
  const given: JsonObject = {
    ...(options.protected && { attributes: columnNames(options.protected, '--protected') }),
    ...(options.intersect && { intersections: crossings(options.intersect) }),
  };
  for (const [member, value] of Object.entries(given)) {
    if (member in written && canonicalJson(written[member] ?? null) !== canonicalJson(value as Json))
      throw badUsage(`The plan and the options name different ${member}. Give them in one place.`, `/${member}`);
  }
  if (written.attributes === undefined && given.attributes === undefined)
    throw badUsage('Name the columns whose groups are compared: --protected sex,race.', '--protected');
  const outcome = isJsonObject(written.outcome) ? written.outcome : {};
  const plan = TaskPlanInput.safeParse({
    metrics: defaultMetrics[task],
    ...taskPlanDefaults,
    ...written,
    ...given,
    task,
    outcome: { name: label, ...outcome },
  });
  if (plan.success) return plan.data;
  const [issue] = plan.error.issues;
  const where = issue?.path.length ? ` (at ${issue.path.join('.')})` : '';
  throw badUsage(
    `The plan cannot be used: ${issue?.message ?? 'it is not a plan'}${where}.`,
    issue && `/${issue.path.join('/')}`,
  );
}
