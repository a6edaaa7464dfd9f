import { type DcpResult, refused } from './problem.js';

/**
 * One thing that a presentation query may ask for (DCP 1.0 §5.4.1.1).
 */
export type Scope =
  | {
      readonly kind: 'type';
      readonly value: string;
      /** The `@context` that must define the type, from the form `<context>#<Type>` that EDC uses. */
      readonly context?: string;
    }
  | { readonly kind: 'id'; readonly value: string };

/** The alias in front of a scope tells what its discriminator is. */
export type ScopeAliases = Readonly<Record<string, Scope['kind']>>;

/** The aliases of DCP 1.0 and the synonyms of EDC before 0.17 and of Catena-X. */
export const scopeAliases: ScopeAliases = {
  'org.eclipse.dspace.dcp.vc.type': 'type',
  'org.eclipse.dspace.dcp.vc.id': 'id',
  'org.eclipse.edc.vc.type': 'type',
  'org.eclipse.tractusx.vc.type': 'type',
};

const operation = /:(?:read|\*|all)$/;
const typeName = /^[A-Za-z][A-Za-z0-9_.-]{0,254}$/;

/**
 * Parses `alias:discriminator` (the specification) or `alias:discriminator:read` (what peers send).
 * Problems: `scope.malformed`.
 *
 * @example
 * parseScope('org.eclipse.dspace.dcp.vc.type:MembershipCredential:read'); // { kind: 'type', value: 'MembershipCredential' }
 */
export function parseScope(text: unknown, aliases: ScopeAliases = scopeAliases): DcpResult<Scope> {
  if (typeof text !== 'string' || text.length > 1024) return refused('scope.malformed', 'A scope is text.');
  const colon = text.indexOf(':');
  const alias = text.slice(0, Math.max(colon, 0));
  const kind = Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
  const value = text.slice(colon + 1).replace(operation, '');
  if (!kind || value === '')
    return refused('scope.malformed', `The scope must start with one of: ${Object.keys(aliases).join(', ')}.`);
  if (kind === 'id') return { ok: true, value: { kind, value } };
  const hash = value.lastIndexOf('#');
  const name = value.slice(hash + 1);
  if (!typeName.test(name))
    return refused('scope.malformed', 'The scope must name a credential type and may end with ":read".');
  return { ok: true, value: hash < 0 ? { kind, value: name } : { kind, value: name, context: value.slice(0, hash) } };
}

/** The three-part text of a scope, which EDC, the DCP kit and older peers all accept. */
export function formatScope(scope: Scope): string {
  if (scope.kind === 'id') return `org.eclipse.dspace.dcp.vc.id:${scope.value}:read`;
  const prefix = scope.context === undefined ? '' : `${scope.context}#`;
  return `org.eclipse.dspace.dcp.vc.type:${prefix}${scope.value}:read`;
}

/** The requested scopes that were granted; asking for more yields less, never an error (DCP 1.0.1 §5.4.1). */
export function grantedScopes(requested: readonly Scope[], granted: readonly Scope[]): readonly Scope[] {
  const grants = new Set(granted.map(formatScope));
  return requested.filter((scope) => grants.has(formatScope(scope)));
}

/** What a scope is compared with. */
export interface ScopeTarget {
  readonly id?: string;
  readonly type: readonly string[];
  readonly context: readonly string[];
}

/** Whether the credential is one that the scope asks for. Types are compared whole, never by part. */
export function scopeMatches(scope: Scope, credential: ScopeTarget): boolean {
  if (scope.kind === 'id') return credential.id === scope.value;
  return (
    credential.type.includes(scope.value) && (scope.context === undefined || credential.context.includes(scope.context))
  );
}
