import { isJsonObject, type Json, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';

/** The values for the placeholders of a template, by name. */
export type TemplateParameters = Readonly<Record<string, Json>>;

export type TemplateProblem = Problem<
  'template.malformed' | 'template.missing-parameter' | 'template.unknown-parameter'
>;

const placeholder = /^\$\{([A-Za-z][A-Za-z0-9]*)\}$/;

/**
 * Fills a policy template. A placeholder is a whole string, `"${purpose}"`, and the parameter's JSON value takes its
 * place; inside a longer string nothing is replaced, so that no parameter can change the words around it.
 *
 * @example
 * instantiateTemplate({ rightOperand: '${until}' }, { until: '2027-06-30' }); // { rightOperand: '2027-06-30' }
 */
export function instantiateTemplate(
  template: JsonObject,
  parameters: TemplateParameters,
): Result<JsonObject, TemplateProblem> {
  const broken = strings(template).find((text) => text.includes('${') && !placeholder.test(text));
  if (broken !== undefined)
    return refuse('template.malformed', `A placeholder is a whole string, not a part of "${broken}".`);
  const names = templateParameters(template);
  const missing = names.find((name) => !Object.hasOwn(parameters, name));
  if (missing !== undefined)
    return refuse('template.missing-parameter', `The template needs the parameter "${missing}".`, missing);
  const unknown = Object.keys(parameters).find((name) => !names.includes(name));
  if (unknown !== undefined)
    return refuse('template.unknown-parameter', `The template has no parameter "${unknown}".`, unknown);
  return ok(fillObject(template, parameters));
}

/** The names of a template's placeholders, each once, in the order in which they stand. */
export function templateParameters(template: JsonObject): readonly string[] {
  return [...new Set(strings(template).flatMap((text) => placeholder.exec(text)?.[1] ?? []))];
}

function strings(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(strings);
  return isJsonObject(value) ? Object.values(value).flatMap(strings) : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function fillObject(object: JsonObject, parameters: TemplateParameters): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, fill(value, parameters)]));
}

function fill(value: Json, parameters: TemplateParameters): Json {
  if (typeof value === 'string') return parameters[placeholder.exec(value)?.[1] ?? ''] ?? value;
  if (isList(value)) return value.map((item) => fill(item, parameters));
  return isJsonObject(value) ? fillObject(value, parameters) : value;
}
