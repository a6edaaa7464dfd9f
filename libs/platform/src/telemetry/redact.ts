import { types } from 'node:util';

const hidden = '[hidden]';

/** Names of fields whose values never reach a log, compared without case, `-` and `_`. */
const secretNames: ReadonlySet<string> = new Set([
  'accesstoken',
  'apikey',
  'authorization',
  'clientsecret',
  'connectionstring',
  'cookie',
  'credentials',
  'databaseurl',
  'd',
  'idtoken',
  'jwk',
  'jwt',
  'passphrase',
  'password',
  'privatejwk',
  'privatekey',
  'privatekeyjwk',
  'privatekeymultibase',
  'proxyauthorization',
  'redisurl',
  'refreshtoken',
  'secret',
  'secretkey',
  'secretkeymultibase',
  'setcookie',
  'token',
  'xapikey',
]);

/** Bearer tokens, compact JWTs and passwords inside URLs, wherever they stand in a text. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic|dpop)\s+[\w.~+/=-]{8,}/gi, `$1 ${hidden}`],
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, hidden],
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]*):[^\s/@]+@/gi, `$1:${hidden}@`],
];

/** Deeper values and longer lists are cut: a log line describes, it does not archive. */
const maxDepth = 8;
const maxItems = 100;
const maxText = 8_192;

/**
 * A copy of a value that may stand in a log: secrets hidden by field name and by shape, errors turned into data, depth
 * and length bounded, cycles ended by the depth.
 *
 * @example
 * redact({ headers: { Authorization: 'Bearer abc' } }); // { headers: { Authorization: '[hidden]' } }
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maxDepth) return '[…]';
  if (types.isNativeError(value) || value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => redact(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return redact(value.toJSON(), depth + 1);
  const members = Object.entries(value).slice(0, maxItems);
  return Object.fromEntries(members.map(([k, v]) => [k, isSecretName(k) ? hidden : redact(v, depth + 1)]));
}

/** Hides what looks like a secret inside a text. */
export function redactText(text: string): string {
  const short = text.length > maxText ? `${text.slice(0, maxText)}…` : text;
  return secretTexts.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), short);
}

function isSecretName(name: string): boolean {
  return secretNames.has(name.toLowerCase().replace(/[-_]/g, ''));
}

/** Only the fields that every error has: libraries attach requests, queries and their parameters to their errors. */
function describeError(error: Error, depth: number): unknown {
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const because = cause === undefined ? {} : { cause: redact(cause, depth + 1) };
  return { type: name, message: redactText(message), ...code, stack: redactText(stack ?? ''), ...because };
}
