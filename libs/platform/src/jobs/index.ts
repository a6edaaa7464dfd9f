export type {
  FailedJob,
  Job,
  JobHandler,
  JobProgress,
  JobQueue,
  JobQueueOptions,
  JobStatus,
} from './job-queue.port.js';
export { jobPoolConfig, openPostgresJobQueue } from './postgres-job-queue.js';
export { openRedisJobQueue } from './redis-job-queue.js';
