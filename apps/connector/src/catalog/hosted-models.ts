import type { Problem, Result } from '@hansa/kernel';

/** Tells whether this node hosts a model, so that only what exists is offered as a service. */
export interface HostedModels {
  find(id: string): Promise<Result<object, Problem<'model.not-found'>>>;
}

export const HOSTED_MODELS = Symbol('hosted models');
