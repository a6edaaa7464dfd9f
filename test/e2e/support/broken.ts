import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isJsonObject, type JsonObject } from '@hansa/kernel';
import type { Participant } from './participant.js';
import { privateAddresses } from './refusals.js';

/** Where the schemas and examples of the specification are, if they are present. */
export const examples = resolve('../shared/conformance/dsp/spec-2025-1-err1');

/** The examples of some parts of the specification. */
export function messagesOf(parts: readonly string[]): readonly JsonObject[] {
  return parts.flatMap((part) =>
    readdirSync(join(examples, part, 'example')).map((name) =>
      JSON.parse(readFileSync(join(examples, part, 'example', name), 'utf8')),
    ),
  );
}

/** A document with each of its members, at any depth, left out, of another type, or an object that nobody expects. */
export function* brokenInEveryField(document: JsonObject): Generator<readonly [at: string, broken: JsonObject]> {
  for (const [name, value] of Object.entries(document)) {
    const { [name]: _, ...less } = document;
    yield [`without ${name}`, less];
    yield [`${name} a number`, { ...document, [name]: 5 }];
    yield [`${name} an object`, { ...document, [name]: { deep: [null] } }];
    const items = Array.isArray(value) ? value : [value];
    for (const [i, item] of items.entries())
      if (isJsonObject(item))
        for (const [at, broken] of brokenInEveryField(item))
          yield [`${name} ${at}`, { ...document, [name]: Array.isArray(value) ? items.with(i, broken) : broken }];
  }
}

/** A constraint in a constraint in a constraint. */
function nested(levels: number): JsonObject {
  let constraint: JsonObject = { leftOperand: 'purpose', operator: 'eq', rightOperand: 'x' };
  for (let i = 0; i < levels; i++) constraint = { and: [constraint] };
  return constraint;
}

/** What an offer may have very many of: how many, and the members that they make up. */
export const overfull = [
  ['permissions', [60, 1_000, 12_000], (n: number) => ({ permission: Array(n).fill({ action: 'use' }) })],
  ['nested constraints', [8, 60, 2_000], (n: number) => ({ permission: [{ action: 'use', constraint: [nested(n)] }] })],
  ['free members', [200_000], (n: number) => ({ free: Array(n).fill('free') })],
] as const;

/** Callback addresses that no node may take from this participant. */
export const hostileAddresses = ({ url }: Participant): readonly string[] => [
  ...privateAddresses,
  'ftp://localhost/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'nowhere',
  '',
  url.replace('//', '//user:secret@'),
  `${url}/#fragment`,
  `${url}/${'a'.repeat(2048)}`,
];
