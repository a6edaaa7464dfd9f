import type { ResolveDid } from '@hansa/dcp';
import { type AuditPlan, type CityCounts, planDigest, readAuditCounts } from '@hansa/fair';
import { canonicalJson, type Json, type JsonObject, ok, type Result, refuse } from '@hansa/kernel';
import { type AskedCity, definitionsOf, verifyCounts } from '../governance/index.js';

/**
 * Reads what a city answered: its table is well formed, it is about the plan and the rows that were asked for, and the
 * provider of the agreement has signed it.
 */
export async function readAnswer(
  { counts, credential }: JsonObject,
  asked: { readonly city: AskedCity; readonly plan: AuditPlan },
  check: { readonly resolveDid: ResolveDid; readonly now: Date },
): Promise<Result<CityCounts>> {
  const { city, plan } = asked;
  const read = readAuditCounts(counts);
  if (!read.ok) return read;
  const { document } = read.value;
  const signed = { counts: document, agreementId: city.agreementId, issuer: city.counterparty };
  const verified = await verifyCounts(credential, { ...signed, ...check });
  if (!verified.ok) return verified;
  const { countedBy, definitions, model, data } = document;
  const pairs: readonly (readonly [what: string, got: Json | undefined, wanted: Json])[] = [
    ['city', countedBy, city.counterparty],
    ['plan', document.planDigest, planDigest(plan)],
    ['definitions', plain(definitions), plain(definitionsOf(city, plan))],
    ['model', model?.digest ?? null, 'model' in city.decision ? city.decision.model : null],
    ['conditions', data.where, plain(city.where)],
  ];
  const wrong = pairs.find(([, got, wanted]) => canonicalJson(got ?? null) !== canonicalJson(wanted));
  if (wrong === undefined) return ok(read.value);
  return refuse(
    'counts.other-request',
    `The city counted something else than it was asked for: the ${wrong[0]} differs.`,
  );
}

const plain = (value: object): Json => JSON.parse(JSON.stringify(value));
