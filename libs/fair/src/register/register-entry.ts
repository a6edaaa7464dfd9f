import { ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { z } from 'zod';
import { type AtsField, type AtsFieldName, type AtsValues, atsFieldNames, atsFields, demandOf } from './ats-fields.js';
import { AiActPart, AtrsPart, DutchPart } from './entry-parts.js';

const longest = 20_000;

/** The schema of one field, whose message says what the standard wants. */
export function atsValue(name: AtsFieldName): z.ZodType<string> {
  const { kind, most = longest, wants }: AtsField = atsFields[name];
  const options = { error: demandOf(name) };
  const text = z.string(options);
  const schema =
    typeof kind === 'object'
      ? z.enum(kind.oneOf, options)
      : {
          text: text.regex(/\S/, options).max(most, options),
          email: z.email(options),
          url: z.url({ protocol: /^https?$/, ...options }),
          date: z.iso.date(options),
          language: text.regex(/^[a-z]{2}$/, options),
          uuid: z.uuid(options),
          version: text.regex(/^0\.3\.1$/, options),
        }[kind];
  return schema.describe(wants);
}

const writtenFields = atsFieldNames.filter((name) => !isOfNode(name));

function isOfNode(name: AtsFieldName): boolean {
  const field: AtsField = atsFields[name];
  return field.isOfNode === true;
}

const Reference = z.string().min(1).max(200);

/**
 * An entry as its editor writes it: the fields of the standard, what of this node it is about, and what other standards
 * ask for beyond. Fields may be missing as long as it is a draft.
 */
export const RegisterEntryInput = z
  .strictObject({
    ...(Object.fromEntries(writtenFields.map((name) => [name, atsValue(name).optional()])) as Readonly<
      Record<AtsFieldName, z.ZodOptional<z.ZodType<string>>>
    >),
    models: z.array(Reference).max(100).optional().describe('Hosted models that the system uses: their audits count'),
    audits: z.array(Reference).max(100).optional().describe('Audits of decisions that belong to no hosted model'),
    nl: DutchPart.optional(),
    atrs: AtrsPart.optional(),
    ai_act: AiActPart.optional(),
  })
  .meta({ id: 'RegisterEntry' });

/** {@link RegisterEntryInput} after it was read. */
export interface RegisterEntry extends AtsValues {
  readonly models?: readonly string[] | undefined;
  readonly audits?: readonly string[] | undefined;
  readonly nl?: DutchPart | undefined;
  readonly atrs?: AtrsPart | undefined;
  readonly ai_act?: AiActPart | undefined;
}

/**
 * Reads an entry that somebody wrote. Every mistake is named with its field and what the standard wants there.
 *
 * @example
 * readEntry({ status: 'on' }); // register.invalid: 'status must be one of "planned", …'
 */
export function readEntry(document: unknown): Result<RegisterEntry, Problem<'register.invalid'>> {
  const read = RegisterEntryInput.safeParse(document);
  if (read.success) return ok(read.data as RegisterEntry);
  const { issues } = read.error;
  const texts = issues.map((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `${[...issue.path, key].join('.')} ${unknownField(key)}`).join('; ')
      : `${issue.path.join('.') || 'an entry'} ${issue.message}`,
  );
  const [first] = issues;
  const at = first?.code === 'unrecognized_keys' ? [...first.path, first.keys[0]] : first?.path;
  return refuse('register.invalid', `${texts.join('; ')}.`, at?.join('.'));
}

function unknownField(key: string): string {
  return key in atsFields ? 'is written by the node and cannot be given' : 'is no field of an entry';
}

/** The fields that the standard demands and that nobody has given, in its order. */
export function missingFields(values: AtsValues): readonly AtsFieldName[] {
  return writtenFields.filter((name) => atsFields[name].isRequired && values[name] === undefined);
}

/** Refuses an entry that lacks what the standard demands, and says of each field what it wants. */
export function requireComplete(values: AtsValues): Result<null, Problem<'register.incomplete'>> {
  const missing = missingFields(values);
  if (missing.length === 0) return ok(null);
  const texts = missing.map((name) => `${name} is missing and ${demandOf(name)}`);
  return refuse('register.incomplete', `${texts.join('; ')}.`, missing[0]);
}
