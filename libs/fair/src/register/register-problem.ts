import { type Problem, type Result, refuse } from '@hansa/kernel';
import type { z } from 'zod';

/**
 * Why there is no export: a field that the standard demands is missing, one that is there does not fit, or there is
 * nothing to make it of.
 */
export type RegisterProblem = Problem<'register.incomplete' | 'register.does-not-fit' | 'register.not-published'>;

/** What only a published entry has. */
export function notPublished(field: string): Result<never, RegisterProblem> {
  const detail = `${field} is missing: the entry is not published, and only a published one has that.`;
  return refuse('register.not-published', detail, field);
}

/** The first mistakes that a schema found in a document that was to be exported. */
export function doesNotFit(standard: string, { issues }: z.ZodError): Result<never, RegisterProblem> {
  const texts = issues.slice(0, 20).map(({ path, message }) => `${path.join('.')} ${message}`);
  return refuse('register.does-not-fit', `${standard}: ${texts.join('; ')}.`, issues[0]?.path.join('.'));
}
