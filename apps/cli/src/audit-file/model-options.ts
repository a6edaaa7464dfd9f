import type { RequestedModel } from '@hansa/fair';
import { type ModelCard, ModelCardInput, modelCard } from '@hansa/inference';
import { readObject } from '../arguments.js';
import { badUsage } from '../failure.js';
import type { Terminal } from '../terminal.js';
import type { FileAuditOptions } from './options.js';
import { columnNames } from './plan-options.js';

/**
 * Reads `--threshold`, `--features`, `--positive-class` and `--card`, which may give all three. Options that contradict
 * the card are refused.
 */
export function modelUse(options: FileAuditOptions, terminal: Terminal): RequestedModel {
  const { threshold, positiveClass } = options;
  const features = options.features === undefined ? undefined : columnNames(options.features, '--features');
  if (options.card === undefined)
    return { threshold: threshold ?? 0.5, features: features ?? [], ...(positiveClass && { positiveClass }) };
  const { card, column } = readCard(options.card, terminal);
  const contradicted = [
    ['--threshold', threshold, card.threshold],
    ['--features', features?.join(), card.features.length > 0 ? card.features.join() : features?.join()],
  ] as const;
  for (const [option, typed, written] of contradicted)
    if (typed !== undefined && typed !== written)
      throw badUsage(
        `The card says ${JSON.stringify(written)}, and ${option} ${JSON.stringify(typed)}. Give it in one place.`,
        option,
      );
  const chosen = positiveClass ?? column;
  const { name, version, intendedUse } = card;
  return {
    threshold: card.threshold,
    features: card.features.length > 0 ? card.features : (features ?? []),
    ...(chosen !== undefined && { positiveClass: chosen }),
    card: { name, version, intendedUse },
  };
}

function readCard(file: string, terminal: Terminal): { readonly card: ModelCard; readonly column: number | undefined } {
  const read = ModelCardInput.safeParse(readObject(file, terminal));
  if (!read.success) {
    const [issue] = read.error.issues;
    throw badUsage(
      `${file} is no model card: ${issue?.message ?? 'it cannot be read'}${issue?.path.length ? ` (at ${issue.path.join('.')})` : ''}.`,
      '--card',
    );
  }
  const { positiveClass, threshold } = read.data;
  const column = positiveClass ?? (typeof threshold === 'number' ? undefined : threshold.class);
  return { card: modelCard(read.data), column };
}
