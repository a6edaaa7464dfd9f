import { isJsonObject, type Json, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';

/** The values for the placeholders of a template, by name. */
export type TemplateParameters = Readonly<Record<string, Json>>;

export type TemplateProblem = Problem<
  'template.malformed' | 'template.missing-parameter' | 'template.unknown-parameter'
>;

const placeholder = /^\$\{([A-Za-z][A-Za-z0-9]*)\}$/;

/**
 * Fills a policy template. A placeholder is a whole string, `"${purpose}"`, and the parameter's JSON value takes its
 * place; inside a longer string nothing is replaced, so that no parameter can change the words around it. Numbers and
 * booleans become typed literals, since DSP 2025-1 takes no bare ones.
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
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      const filled = fill(value, parameters);
      // The value of a typed literal is text, whatever its type (DSP 2025-1, contract schema).
      return [key, key === '@value' ? lexicalForm(filled) : filled];
    }),
  );
}

function fill(value: Json, parameters: TemplateParameters): Json {
  if (typeof value === 'string') {
    const given = parameters[placeholder.exec(value)?.[1] ?? ''];
    return given === undefined ? value : literalForm(given);
  }
  if (isList(value)) return value.map((item) => fill(item, parameters));
  return isJsonObject(value) ? fillObject(value, parameters) : value;
}

const xsd = 'http://www.w3.org/2001/XMLSchema#';

/** A parameter in the form that a policy takes: bare numbers and booleans become typed literals. */
function literalForm(value: Json): Json {
  if (typeof value === 'number')
    return { '@value': String(value), '@type': `${xsd}${Number.isInteger(value) ? 'integer' : 'decimal'}` };
  if (typeof value === 'boolean') return { '@value': String(value), '@type': `${xsd}boolean` };
  if (isList(value)) return value.map(literalForm);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).map(([key, inner]) => [
    key,
    key === '@value' ? lexicalForm(inner) : literalForm(inner),
  ]);
  return Object.fromEntries(members);
}

/** The text of a literal, also of one that is typed already. */
function lexicalForm(value: Json): Json {
  if (isJsonObject(value)) return value['@value'] ?? value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
