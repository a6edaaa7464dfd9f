import { isJsonObject, type Json, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';

/** The properties of a dataset that a filter may ask about, by the names that Dublin Core and DCAT give them. */
export const filterOperands = ['id', 'title', 'publisher', 'license', 'keyword', 'text'] as const;
export type FilterOperand = (typeof filterOperands)[number];

/**
 * What a dataset must have to be listed. All conditions must hold, each by any of its values. `text` holds when every
 * word of a value begins some word of the title, the description or the keywords.
 */
export interface FilterCondition {
  readonly operand: FilterOperand;
  readonly anyOf: readonly string[];
}

type Unsupported = Problem<'catalog.filter-unsupported'>;

const maxConditions = 20;
const maxValues = 100;

/**
 * Reads the `filter` of a CatalogRequestMessage. DSP 2025-1 leaves its content to implementations; this is the form that
 * Eclipse EDC sends: criteria with `operandLeft`, `operator` and `operandRight`, bare or in a query specification.
 *
 * @returns the conditions, or `catalog.filter-unsupported`, which the protocol answers with 400, with what is supported.
 * @example
 * parseFilter([{ operandLeft: 'dcat:keyword', operator: '=', operandRight: 'bicycle' }]);
 * // { ok: true, value: [{ operand: 'keyword', anyOf: ['bicycle'] }] }
 */
export function parseFilter(filter: readonly Json[]): Result<readonly FilterCondition[], Unsupported> {
  const criteria: { readonly criterion: JsonObject; readonly at: string }[] = [];
  for (const [index, item] of filter.entries()) {
    const at = `/filter/${index}`;
    if (!isJsonObject(item)) return unsupported('A filter consists of objects.', at);
    const expression = memberOf(item, 'filterExpression');
    if (expression === undefined) {
      criteria.push({ criterion: item, at });
      continue;
    }
    if (Number(memberOf(item, 'offset') ?? 0) !== 0)
      return unsupported('Pages are not counted by an offset: follow the Link header with rel="next".', at);
    const inside = Array.isArray(expression) ? expression : [expression as Json];
    for (const [place, part] of inside.entries()) {
      if (!isJsonObject(part)) return unsupported('A filter expression consists of objects.', `${at}/${place}`);
      criteria.push({ criterion: part, at: `${at}/filterExpression/${place}` });
    }
  }
  if (criteria.length > maxConditions) return unsupported(`A filter has at most ${maxConditions} criteria.`, '/filter');
  const conditions: FilterCondition[] = [];
  for (const { criterion, at } of criteria) {
    const condition = readCriterion(criterion, at);
    if (!condition.ok) return condition;
    conditions.push(condition.value);
  }
  return ok(conditions);
}

/** Conditions as criteria for a CatalogRequestMessage; {@link parseFilter} reads them back. */
export function serializeFilter(conditions: readonly FilterCondition[]): readonly JsonObject[] {
  return conditions.map(({ operand, anyOf }) => {
    const [only, ...others] = anyOf;
    return others.length === 0 && only !== undefined
      ? { operandLeft: names[operand], operator: '=', operandRight: only }
      : { operandLeft: names[operand], operator: 'in', operandRight: anyOf };
  });
}

const names: Readonly<Record<FilterOperand, string>> = {
  id: '@id',
  title: 'dct:title',
  publisher: 'dct:publisher',
  license: 'dct:license',
  keyword: 'dcat:keyword',
  text: 'text',
};

function readCriterion(criterion: JsonObject, at: string): Result<FilterCondition, Unsupported> {
  const left = literal(memberOf(criterion, 'operandLeft'));
  const operand = filterOperands.find((known) => known === localName(String(left)));
  if (typeof left !== 'string' || operand === undefined)
    return unsupported(`"${String(left).slice(0, 100)}" cannot be asked for; ${known()}.`, `${at}/operandLeft`);
  const operator = literal(memberOf(criterion, 'operator'));
  const right = memberOf(criterion, 'operandRight');
  const given = (Array.isArray(right) ? right : [right]).map(literal);
  const anyOf = given.filter((value): value is string => typeof value === 'string' && value !== '');
  if (anyOf.length === 0 || anyOf.length !== given.length || anyOf.length > maxValues)
    return unsupported(`operandRight must be a text, or 1 to ${maxValues} of them.`, `${at}/operandRight`);
  if (
    operator === '=' ||
    operator === 'in' ||
    (operator === 'contains' && (operand === 'keyword' || operand === 'text'))
  )
    return ok({ operand, anyOf });
  return unsupported(`The operator "${String(operator).slice(0, 40)}" is not supported; ${known()}.`, `${at}/operator`);
}

const known = (): string =>
  `supported: ${Object.values(names).join(', ')}, with =, in, and contains for dcat:keyword and text`;

function unsupported(detail: string, at: string): Result<never, Unsupported> {
  return refuse('catalog.filter-unsupported', detail, at);
}

/** A member by the last part of its name: `edc:operator`, its IRI and `operator` are one. */
function memberOf(object: JsonObject, name: string): Json | undefined {
  const key = Object.keys(object).find((candidate) => localName(candidate) === name);
  return key === undefined ? undefined : object[key];
}

const localName = (name: string): string => name.replace(/^.*[:/#@]/, '');

/** The text itself, also of a JSON-LD value object or a list of one. */
function literal(value: Json | undefined): Json | undefined {
  const first = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return isJsonObject(first) ? first['@value'] : first;
}
