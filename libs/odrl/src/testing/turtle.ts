/** One triple; IRIs and literals in one string space, datatypes left out, as the test suite needs no more. */
export type Triple = readonly [subject: string, predicate: string, object: string];

const tokenSyntax =
  /<([^>]*)>|"((?:[^"\\]|\\.)*)"(?:\^\^(?:<[^>]*>|[\w-]*:[\w-]*))?|([\w-]*:[\w-]*)|(@prefix|a(?=\s))|([.;,])|#[^\n]*|\s+|(.)/gs;
const rdfType = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';

/**
 * Reads the part of Turtle that the ODRL test suite is written in: prefixes, IRIs, short names, strings with a datatype,
 * `a`, and lists of predicates and objects. No blank nodes, collections, numbers or long strings: those throw.
 */
export function readTurtle(text: string): readonly Triple[] {
  const prefixes = new Map<string, string>();
  const triples: Triple[] = [];
  let statement: string[] = [];
  let subject: string | undefined;
  let predicate: string | undefined;
  let inPrefix = false;
  for (const [token, iri, string, name, word, mark, other] of text.matchAll(tokenSyntax)) {
    if (other !== undefined) throw new Error(`not in this part of Turtle: ${token}`);
    if (word === '@prefix') inPrefix = true;
    else if (inPrefix && mark === '.') {
      const [prefix = '', namespace = ''] = statement;
      prefixes.set(prefix, namespace);
      statement = [];
      inPrefix = false;
    } else if (inPrefix) statement.push(...[name?.slice(0, -1) ?? iri].filter((part) => part !== undefined));
    else if (mark === '.') {
      subject = undefined;
      predicate = undefined;
    } else if (mark === ';') predicate = undefined;
    else if (mark === ',') continue;
    else {
      const node = word === 'a' ? rdfType : (iri ?? string ?? (name && expand(name, prefixes)));
      if (node === undefined) continue;
      if (subject === undefined) subject = node;
      else if (predicate === undefined) predicate = node;
      else triples.push([subject, predicate, node]);
    }
  }
  return triples;
}

function expand(name: string, prefixes: ReadonlyMap<string, string>): string {
  const colon = name.indexOf(':');
  const namespace = prefixes.get(name.slice(0, colon));
  if (namespace === undefined) throw new Error(`no prefix for ${name}`);
  return namespace + name.slice(colon + 1);
}
