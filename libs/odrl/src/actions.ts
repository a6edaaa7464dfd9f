import { odrlNamespace } from './terms.js';
import type { State } from './truth.js';

/**
 * The actions of ODRL Vocabulary & Expression 2.2, core and common, and the wider action that includes each;
 * of the deprecated ones only `write`.
 */
const includedIn: Readonly<Record<string, string | null>> = {
  use: null,
  transfer: null,
  give: 'transfer',
  sell: 'transfer',
  display: 'play',
  extract: 'reproduce',
  ...Object.fromEntries(
    [
      'acceptTracking',
      'aggregate',
      'annotate',
      'anonymize',
      'archive',
      'attribute',
      'compensate',
      'concurrentUse',
      'delete',
      'derive',
      'digitize',
      'distribute',
      'ensureExclusivity',
      'execute',
      'grantUse',
      'include',
      'index',
      'inform',
      'install',
      'modify',
      'move',
      'nextPolicy',
      'obtainConsent',
      'play',
      'present',
      'print',
      'read',
      'reproduce',
      'reviewPolicy',
      'stream',
      'synchronize',
      'textToSpeech',
      'transform',
      'translate',
      'uninstall',
      'watermark',
      'write',
    ].map((name) => [name, 'use']),
  ),
};

/** The wider action by absolute IRI; null for the two that nothing includes. */
const wider: ReadonlyMap<string, string | null> = new Map(
  Object.entries(includedIn).map(([name, parent]) => [
    odrlNamespace + name,
    parent === null ? null : odrlNamespace + parent,
  ]),
);

/** True for an action that the evaluator can place among the others. */
export function isKnownAction(action: string): boolean {
  return wider.has(action);
}

/** What a node does with a dataset for others: hand it out or answer from it, or count its rows; the widest first. */
export const nodeActions = ['use', 'aggregate'] as const;

/** Something that a node does with a dataset for others. */
export type NodeAction = (typeof nodeActions)[number];

/**
 * Whether a rule about one action speaks about the requested one: the same, or one that includes it. `unknown` when
 * either is not an action of ODRL, because nothing then says how they relate.
 */
export function actionCovers(ruleAction: string, requested: string): State {
  if (!wider.has(ruleAction) || !wider.has(requested)) return 'unknown';
  for (let action: string | null | undefined = requested; action; action = wider.get(action))
    if (action === ruleAction) return 'satisfied';
  return 'unsatisfied';
}
