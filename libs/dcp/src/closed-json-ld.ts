import type { DocumentLoader } from '@digitalbazaar/vc';
import { isJsonObject, type Json, type JsonObject, maxJsonDepth } from '@hansa/kernel';
import { knownContexts } from './contexts.js';
import { credentialsV2 } from './credential.js';
import type { DcpProblem } from './problem.js';

/** Canonicalising costs up to 0.1 ms a node, so documents are limited; large parts belong in by digest. */
const maxNodes = 20_000;

/**
 * Checks that a document says what it seems to say to a reader of plain JSON: all contexts known and at the top, the
 * credentials context first, and no JSON-LD keyword anywhere inside, with which a value could be hidden or renamed.
 */
export function checkJsonLd(document: JsonObject): DcpProblem | null {
  const { '@context': contexts, ...members } = document;
  if (!Array.isArray(contexts) || contexts[0] !== credentialsV2)
    return problem(
      'data-integrity.context-unknown',
      `The "@context" must be a list that starts with ${credentialsV2}.`,
    );
  const unknown = contexts.find((context) => typeof context !== 'string' || !knownContexts.has(context));
  if (unknown !== undefined)
    return problem(
      'data-integrity.context-unknown',
      'The document uses an inline context, or one that is not known here.',
    );
  return checkPlain(members);
}

function checkPlain(root: JsonObject): DcpProblem | null {
  const queue: { readonly value: Json; readonly depth: number }[] = [{ value: root, depth: 1 }];
  for (let next = queue.pop(), seen = 1; next !== undefined; next = queue.pop(), seen++) {
    const { value, depth } = next;
    if (depth > maxJsonDepth || seen > maxNodes)
      return problem('data-integrity.malformed', 'The document is too deep or too large to be signed as a whole.');
    const children = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
    const keyword = isJsonObject(value) ? Object.keys(value).find((key) => key.startsWith('@')) : undefined;
    if (keyword !== undefined)
      return problem(
        'data-integrity.malformed',
        `The JSON-LD keyword "${keyword}" is not accepted inside the document.`,
      );
    if (value === null || (Array.isArray(value) && value.length === 0))
      return problem('data-integrity.malformed', 'A null or an empty list would not be covered by the signature.');
    for (const child of children) queue.push({ value: child, depth: depth + 1 });
  }
  return null;
}

function problem(kind: DcpProblem['kind'], detail: string): DcpProblem {
  return { kind, detail };
}

/** A document loader that knows the contexts and the documents given, and refuses every other address. */
export function closedLoader(documents: ReadonlyMap<string, object>): DocumentLoader {
  return async (url) => {
    const document = documents.get(url) ?? knownContexts.get(url);
    if (!document) throw new Error(`the document ${url} is not known here`);
    return { contextUrl: null, documentUrl: url, document };
  };
}
