export type { AverageFigure, AverageName } from './class-averages.js';
export type { ClassPart, ClassRates, GroupClasses } from './class-part.js';
export type { CountedClasses } from './class-tables.js';
export type { ComparedFigure, LeftOutOfTask, TaskGap } from './task-gap.js';
export { type MulticlassPlan, type PlannedGap, type Task, type TaskPlan, taskPlanDefaults } from './task-plan.js';
export { TaskPlanInput } from './task-plan.schema.js';
export {
  buildTaskReport,
  type TaskMaterial,
  type TaskReport,
  type TaskReportInput,
  taskPlanDigest,
  taskReportBytes,
} from './task-report.js';
export { TaskReportDocument, taskReportFrom } from './task-report.schema.js';
export type { TaskReason, TaskVerdict } from './task-verdict.js';
