import { isJsonObject, type Json, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import type { Offer } from '../message/policy.js';
import { check } from '../schema/validate.js';

/** A dataset of somebody else's catalogue. */
export interface ListedDataset {
  readonly id: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly offers: readonly Offer[];
  readonly distributions: readonly ListedDistribution[];
  /** Every further member, as it came. */
  readonly properties: JsonObject;
}

export interface ListedDistribution {
  readonly format: string;
  /** The base URL to negotiate at; null where the catalogue names a service that it does not describe. */
  readonly endpoint: string | null;
}

/** A dataset that cannot be used, and why. */
export interface BrokenDataset {
  readonly id: string | null;
  readonly detail: string;
  readonly at: string;
}

export interface ParsedCatalog {
  readonly id: string | null;
  readonly participantId: string | null;
  readonly datasets: readonly ListedDataset[];
  readonly broken: readonly BrokenDataset[];
}

/**
 * Reads a peer's catalogue, liberal in what surrounds the datasets and strict in each of them: a broken dataset is
 * listed as broken and never hides the others. Nested catalogues are left out.
 *
 * @returns the catalogue, or `dsp.unexpected-type` when the body is not a catalogue at all.
 * @example
 * const parsed = parseCatalog(body);
 * if (parsed.ok) for (const dataset of parsed.value.datasets) show(dataset.title ?? dataset.id);
 */
export function parseCatalog(body: unknown): Result<ParsedCatalog, Problem<'dsp.unexpected-type'>> {
  if (!isJsonObject(body) || !typesOf(body).some((type) => type === 'Catalog' || type === 'dcat:Catalog'))
    return refuse(
      'dsp.unexpected-type',
      'Expected a Catalog, but the body is none. Is this the address of a catalogue?',
    );
  const services = serviceEndpoints(body);
  const datasets: ListedDataset[] = [];
  const broken: BrokenDataset[] = [];
  for (const [index, item] of list(body.dataset).entries()) {
    const parsed = readDataset(item, services);
    if (parsed.ok) datasets.push(parsed.value);
    else {
      const { detail, at = '' } = parsed.problem;
      broken.push({ id: isJsonObject(item) ? literal(item['@id']) : null, detail, at: `/dataset/${index}${at}` });
    }
  }
  return ok({ id: literal(body['@id']), participantId: literal(body.participantId), datasets, broken });
}

/** Reads the answer to a dataset request; `dsp.schema` when it is not a dataset. */
export function parseDataset(body: unknown): Result<ListedDataset, Problem<'dsp.schema'>> {
  return readDataset(body, new Map());
}

function readDataset(
  item: unknown,
  services: ReadonlyMap<string, string>,
): Result<ListedDataset, Problem<'dsp.schema'>> {
  const valid = check('dataset', item);
  if (!valid.ok) return valid;
  const { '@id': id, '@type': _type, '@context': _context, hasPolicy, distribution, ...properties } = valid.value;
  const distributions = list(distribution)
    .filter(isJsonObject)
    .map((part) => readDistribution(part, services));
  const offers = list(hasPolicy)
    .filter(isJsonObject)
    .map((offer) => ({ ...offer, '@type': 'Offer' }) as Offer);
  const [title, description] = [term(properties, 'title'), term(properties, 'description')];
  return ok({ id: String(id), title, description, offers, distributions, properties });
}

function readDistribution(part: JsonObject, services: ReadonlyMap<string, string>): ListedDistribution {
  const service = part.accessService;
  const endpoint = isJsonObject(service) ? literal(service.endpointURL) : services.get(String(service));
  return { format: String(part.format), endpoint: endpoint ?? null };
}

function serviceEndpoints(catalog: JsonObject): ReadonlyMap<string, string> {
  const services = list(catalog.service).filter(isJsonObject);
  return new Map(services.map((service) => [String(service['@id']), String(service.endpointURL)]));
}

/** A Dublin Core term by any of the names it goes by in JSON and JSON-LD; Eclipse EDC has names of its own. */
function term(properties: JsonObject, name: string): string | null {
  const edc = name === 'title' ? 'name' : name;
  const names = [
    ...[`dct:${name}`, name, `dcterms:${name}`, `http://purl.org/dc/terms/${name}`],
    ...[`edc:${edc}`, `https://w3id.org/edc/v0.0.1/ns/${edc}`],
  ];
  return names.map((candidate) => literal(properties[candidate])).find((value) => value !== null) ?? null;
}

/** A text, also as a JSON-LD value object or as the first of several. */
function literal(value: Json | undefined): string | null {
  const first = Array.isArray(value) ? value[0] : value;
  const bare = isJsonObject(first) ? first['@value'] : first;
  return typeof bare === 'string' ? bare : null;
}

function list(value: Json | undefined): readonly Json[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value as Json];
}

function typesOf(body: JsonObject): readonly Json[] {
  return list(body['@type']);
}
