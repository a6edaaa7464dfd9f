export const odrlNamespace = 'http://www.w3.org/ns/odrl/2/';
/** Hansa's own terms: operands and actions that ODRL does not have. */
export const hansaNamespace = 'https://w3id.org/hansa/v1#';
export const dpvNamespace = 'https://w3id.org/dpv#';
export const xsdNamespace = 'http://www.w3.org/2001/XMLSchema#';

/** The profile that a policy declares when it uses Hansa's terms. */
export const hansaProfile = 'https://w3id.org/hansa/v1';

/** Profiles whose terms the evaluator understands; a policy that declares another one is denied. */
export const knownProfiles: ReadonlySet<string> = new Set([
  hansaProfile,
  'http://www.w3.org/ns/odrl/2/core',
  'https://w3id.org/dspace/2025/1/odrl-profile.jsonld',
]);

const namespaces: ReadonlyMap<string, string> = new Map([
  ['odrl', odrlNamespace],
  ['hansa', hansaNamespace],
  ['dpv', dpvNamespace],
  ['xsd', xsdNamespace],
]);

/**
 * The absolute IRI of a term. A bare name belongs to ODRL: the examples of DSP 2025-1 write `dateTime`, the context
 * would want `odrl:dateTime`, so both and the IRI are read as the same thing. A prefix that is not ours stays as it is.
 *
 * @example
 * expandTerm('purpose'); // 'http://www.w3.org/ns/odrl/2/purpose'
 * expandTerm('hansa:credential'); // 'https://w3id.org/hansa/v1#credential'
 */
export function expandTerm(term: string): string {
  const colon = term.indexOf(':');
  if (colon < 0) return odrlNamespace + term;
  const namespace = namespaces.get(term.slice(0, colon));
  return namespace === undefined || term.startsWith('//', colon + 1) ? term : namespace + term.slice(colon + 1);
}

/** The left operand that every purpose stands behind. */
export const purposeTerm = `${odrlNamespace}purpose`;

/** The IRI of a purpose: `dpv:X` in full, anything else as it is. */
export function purposeIri(purpose: string): string {
  return purpose.startsWith('dpv:') ? dpvNamespace + purpose.slice(4) : purpose;
}

/** The local name of an ODRL term, or the term as it is: `odrl:eq`, `eq` and the IRI all give `eq`. */
export function odrlName(term: string): string {
  if (term.startsWith('odrl:')) return term.slice(5);
  return term.startsWith(odrlNamespace) ? term.slice(odrlNamespace.length) : term;
}

/** How a term is written in a DSP message: with the prefixes of the DSP context, `odrl` and `xsd`, else in full. */
export function wireTerm(iri: string): string {
  for (const prefix of ['odrl', 'xsd']) {
    const namespace = namespaces.get(prefix) ?? '';
    const short = `${prefix}:${iri.slice(namespace.length)}`;
    if (iri.startsWith(namespace) && expandTerm(short) === iri) return short;
  }
  return iri;
}

/** How a term is shown to people: the local name of ODRL's and Hansa's terms, else the IRI. */
export function readableTerm(iri: string): string {
  if (iri.startsWith(odrlNamespace)) return iri.slice(odrlNamespace.length);
  return iri.startsWith(hansaNamespace) ? iri.slice(hansaNamespace.length) : iri;
}
