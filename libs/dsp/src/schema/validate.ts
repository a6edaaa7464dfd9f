import { type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { Ajv2019, type ErrorObject, type ValidateFunction } from 'ajv/dist/2019.js';
import { catalogDefinitions, catalogSchemas } from './catalog.schema.js';
import { messageSchemas } from './message.schema.js';
import { policyDefinitions } from './policy.schema.js';

const roots = { ...messageSchemas, ...catalogSchemas } as const;

/** Everything that has a schema: the `@type` of each message, and `VersionDocument`, which has none on the wire. */
export type SchemaName = keyof typeof roots;
export const schemaNames = Object.keys(roots) as readonly SchemaName[];

const inner = { ...policyDefinitions, ...catalogDefinitions };
const documentId = 'dsp-2025-1';

let ajv: Ajv2019 | undefined;
const compiled = new Map<string, ValidateFunction>();

function validatorOf(name: string): ValidateFunction {
  const known = compiled.get(name);
  if (known) return known;
  ajv ??= new Ajv2019({ strict: false, allErrors: false, verbose: true }).addSchema({
    $id: documentId,
    $defs: { ...inner, ...roots },
  });
  const validator = ajv.getSchema(`${documentId}#/$defs/${name}`);
  if (!validator) throw new Error(`no schema named ${name}`);
  compiled.set(name, validator);
  return validator;
}

/**
 * Checks a value against the DSP 2025-1 schema of a type. The verdict is that of the official schemas, apart from our
 * upper bounds (`limits`). The value must come from `parseJson`, which caps its depth: schemas recurse.
 *
 * @returns the value as JSON, or problem `dsp.schema` with the JSON pointer of the first fault in `at`.
 * @example
 * validate('CatalogRequestMessage', { '@context': 'x' }); // dsp.schema at /@context: must be an array …
 */
export function validate(name: SchemaName, value: unknown): Result<JsonObject, Problem<'dsp.schema'>> {
  return check(name, value);
}

/** The same for a part that never stands alone: a dataset inside a catalogue, an offer inside a dataset. */
export function check(
  name: SchemaName | keyof typeof inner,
  value: unknown,
): Result<JsonObject, Problem<'dsp.schema'>> {
  const validator = validatorOf(name);
  if (validator(value)) return ok(value as JsonObject);
  const fault = mostTelling(validator.errors ?? []);
  const at = fault?.instancePath ?? '';
  return refuse('dsp.schema', `Invalid ${name}: ${at === '' ? 'the message' : at} ${describe(fault)}.`, at);
}

/** Alternatives report a fault for every branch: the deepest one is what the sender got wrong, the last one sums up. */
function mostTelling(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const depth = (error: ErrorObject): number => error.instancePath.split('/').length;
  const deepest = Math.max(...errors.map(depth));
  return errors.findLast((error) => depth(error) === deepest);
}

function describe(error: ErrorObject | undefined): string {
  switch (error?.keyword) {
    case 'required':
      return `lacks the member "${error.params.missingProperty}"`;
    case 'const':
      return `must be "${error.schema}"`;
    case 'enum':
      return `must be one of ${[error.schema].flat().join(', ')}`;
    case 'type':
      return `must be of type ${[error.schema].flat().join(' or ')}`;
    case 'contains':
      return `must contain "${error.parentSchema?.contains?.const}"`;
    case 'minItems':
      return 'must not be empty: leave the member out instead';
    case 'not':
      return `must not have the member "${Object.values(error.schema ?? {})}"`;
    case 'oneOf':
    case 'anyOf':
      return `must match ${error.keyword === 'oneOf' ? 'exactly' : 'at least'} one of ${alternatives(error.schema)}`;
    default:
      return error?.message ?? 'is invalid';
  }
}

/** `"callbackAddress", "providerPid"`, or `the allowed forms` where the alternatives are more than member names. */
function alternatives(schema: unknown): string {
  const names = Array.isArray(schema) ? schema.map((branch) => Object.entries(branch)) : [];
  const plain = names.every((members) => members.length === 1 && members[0]?.[0] === 'required');
  return plain ? names.map((members) => `the member "${members[0]?.[1]}"`).join(', ') : 'the allowed forms';
}
