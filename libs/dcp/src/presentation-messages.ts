import { isJsonObject, type Json, type JsonObject } from '@hansa/kernel';
import { message, parseMessage } from './message.js';
import { type DcpResult, refused } from './problem.js';
import { formatScope, parseScope, type Scope, type ScopeAliases } from './scope.js';

/**
 * The body of a query to a Credential Service (DCP 1.0 §5.4.1).
 *
 * @example
 * presentationQuery({ scopes: [{ kind: 'type', value: 'MembershipCredential' }] });
 */
export function presentationQuery(query: { readonly scopes: readonly Scope[] }): JsonObject {
  return message('PresentationQueryMessage', { scope: query.scopes.map(formatScope) });
}

/**
 * Reads a query that a verifier sent us. The schema lets `scope` and `presentationDefinition` pass together, the text
 * does not (answer 400). A well-formed definition is `presentation-query.definition-unsupported` (answer 501).
 * Problems: `message.malformed`, `presentation-query.*`, `scope.malformed`.
 */
export function parsePresentationQuery(
  value: unknown,
  aliases?: ScopeAliases,
): DcpResult<{ readonly scopes: readonly Scope[] }> {
  const parsed = parseMessage(value, 'PresentationQueryMessage');
  if (!parsed.ok) return parsed;
  const { scope, presentationDefinition } = parsed.value;
  if (scope !== undefined && presentationDefinition !== undefined)
    return refused('presentation-query.ambiguous', 'Send either "scope" or "presentationDefinition", not both.');
  if (presentationDefinition !== undefined)
    return isPresentationDefinition(presentationDefinition)
      ? refused('presentation-query.definition-unsupported', 'Presentation definitions are not supported; use "scope".')
      : refused('message.malformed', 'The presentation definition has no "id" or no "input_descriptors".');
  if (!Array.isArray(scope) || scope.length === 0 || scope.length > 20)
    return refused('presentation-query.empty', 'The query must ask for 1 to 20 scopes.', '/scope');
  const scopes: Scope[] = [];
  for (const text of scope) {
    const one = parseScope(text, aliases);
    if (!one.ok) return one;
    scopes.push(one.value);
  }
  return { ok: true, value: { scopes } };
}

/** The required members of DIF Presentation Exchange 2.1 §5; enough to tell a definition from noise. */
function isPresentationDefinition(value: Json): boolean {
  return (
    isJsonObject(value) &&
    typeof value.id === 'string' &&
    Array.isArray(value.input_descriptors) &&
    value.input_descriptors.length > 0 &&
    value.input_descriptors.every((entry) => isJsonObject(entry) && typeof entry.id === 'string')
  );
}

/** The answer of a Credential Service (DCP 1.0 §5.4.2). */
export function presentationResponse(presentations: readonly string[]): JsonObject {
  return message('PresentationResponseMessage', { presentation: presentations });
}
