import { assertNever, isJsonObject, type JsonObject, ok, type Problem, type Result, refuse } from '@hansa/kernel';
import { validate } from '../schema/validate.js';
import { dspContext, supersedesTerm } from '../vocabulary.js';
import { contentFault } from './content.js';
import { dataAddressOf, dataAddressWire } from './data-address.js';
import type { DataAddress, Message, MessageOf, MessageType, Reason } from './message.js';
import { jsonList, optionalText, pidsOf, text } from './wire.js';

export type MessageProblem = Problem<'dsp.unexpected-type' | 'dsp.schema' | 'dsp.content'>;

/**
 * Parses the body of a DSP request or answer, in three gates: the expected `@type`, the schema, and what the
 * specification's text demands beyond the schema. Members that DSP does not name are left out.
 *
 * @param body JSON from `parseJson`, which caps its depth.
 * @returns the typed message; or `dsp.unexpected-type`, `dsp.schema`, `dsp.content` with a JSON pointer in `at`.
 * @example
 * const parsed = parseMessage('ContractRequestMessage', body);
 * if (parsed.ok && 'callbackAddress' in parsed.value) open(parsed.value);
 */
export function parseMessage<T extends MessageType>(
  expected: T | readonly T[],
  body: unknown,
): Result<MessageOf<T>, MessageProblem> {
  const types: readonly T[] = typeof expected === 'string' ? [expected] : expected;
  const type = types.find((candidate) => isJsonObject(body) && body['@type'] === candidate);
  if (type === undefined) return refuse('dsp.unexpected-type', unexpected(types, body), '/@type');
  const wire = validate(type, body);
  if (!wire.ok) return wire;
  const fault = contentFault(wire.value);
  if (fault) return refuse('dsp.content', `Invalid ${type}: ${fault.at} ${fault.says}.`, fault.at);
  return ok(read(type, wire.value) as MessageOf<T>);
}

function unexpected(types: readonly string[], body: unknown): string {
  const given = isJsonObject(body) ? body['@type'] : undefined;
  const found = typeof given === 'string' ? `but the body is a ${given.slice(0, 80)}` : 'but the body has no @type';
  return `Expected a ${types.join(' or a ')}, ${found}. Send the message that this endpoint takes.`;
}

/** From schema-valid JSON to a typed message. */
function read(type: MessageType, wire: JsonObject): Message {
  switch (type) {
    case 'ContractRequestMessage':
      return { type, ...pidsOf(wire), ...callback(wire), offer: wire.offer, ...supersededBy(wire) } as Message;
    case 'ContractOfferMessage':
      return { type, ...pidsOf(wire), ...callback(wire), offer: wire.offer } as Message;
    case 'ContractAgreementMessage':
      return { type, ...pidsOf(wire), agreement: wire.agreement } as Message;
    case 'ContractNegotiationEventMessage':
      return { type, ...pidsOf(wire), eventType: wire.eventType } as Message;
    case 'ContractAgreementVerificationMessage':
    case 'TransferCompletionMessage':
      return { type, ...pidsOf(wire) } as Message;
    case 'ContractNegotiationTerminationMessage':
    case 'TransferSuspensionMessage':
    case 'TransferTerminationMessage':
    case 'ContractNegotiationError':
    case 'TransferError':
    case 'CatalogError':
      return { type, ...pidsOf(wire), ...reasonOf(wire) } as Message;
    case 'ContractNegotiation':
    case 'TransferProcess':
      return { type, ...pidsOf(wire), state: wire.state } as Message;
    case 'TransferRequestMessage': {
      const asked = { agreementId: text(wire, 'agreementId'), format: text(wire, 'format') };
      return { type, ...pidsOf(wire), ...callback(wire), ...asked, dataAddress: dataAddressOf(wire) } as Message;
    }
    case 'TransferStartMessage':
      return { type, ...pidsOf(wire), dataAddress: dataAddressOf(wire) } as Message;
    case 'CatalogRequestMessage':
      return { type, filter: jsonList(wire, 'filter') };
    default:
      return assertNever(type);
  }
}

function callback(wire: JsonObject): { readonly callbackAddress?: string } {
  const callbackAddress = optionalText(wire, 'callbackAddress');
  return callbackAddress === null ? {} : { callbackAddress };
}

/** In an opening request alone. */
function supersededBy(wire: JsonObject): { readonly supersedes?: string } {
  const supersedes = wire.callbackAddress === undefined ? null : optionalText(wire, supersedesTerm);
  return supersedes === null ? {} : { supersedes };
}

function reasonOf(wire: JsonObject): Reason {
  return { code: optionalText(wire, 'code'), reason: jsonList(wire, 'reason') };
}

/**
 * The wire form of a message. Empty arrays and absent values are left out, as the schemas demand.
 *
 * @param id a new, unique `@id`: by it a receiver can tell a repeat (the same bytes) from a new message that says the
 *   same. Store the result and repeat exactly it.
 * @example
 * serialize({ type: 'TransferCompletionMessage', consumerPid, providerPid }, 'urn:uuid:…');
 */
export function serialize(message: Message, id: string): JsonObject {
  const { type, ...members } = message;
  const wire: Record<string, JsonObject[string]> = { '@context': [dspContext], '@type': type, '@id': id };
  for (const [name, value] of Object.entries(members)) {
    if (value === null || (Array.isArray(value) && value.length === 0)) continue;
    if (name === 'supersedes') wire[supersedesTerm] = value;
    else wire[name] = name === 'dataAddress' ? dataAddressWire(value as DataAddress) : value;
  }
  return wire;
}
