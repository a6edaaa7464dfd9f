import { contexts as credentialContexts } from '@digitalbazaar/credentials-context';
import { contexts as dataIntegrityContexts } from '@digitalbazaar/data-integrity-context';
import { contexts as multikeyContexts } from '@digitalbazaar/multikey-context';
import type { JsonObject } from '@hansa/kernel';
import { credentialsV2 } from './credential.js';

/** URL of our own JSON-LD context. */
export const hansaContextUrl = 'https://w3id.org/hansa/v1';
const ns = `${hansaContextUrl}#`;
const dateTime = 'http://www.w3.org/2001/XMLSchema#dateTime';

/** Terms whose value is text or a number as it stands. */
const plainTerms = [
  'AiAuditReportCredential',
  'AuditCounts',
  'AuditCountsCredential',
  'AuditReport',
  'AuditEvidence',
  'AuditFinding',
  'attribute',
  'countsDigest',
  'datasetDigest',
  'datasetName',
  'evidenceDigest',
  'evidenceKind',
  'intendedUse',
  'lowerBound',
  'metric',
  'modelDigest',
  'modelName',
  'modelVersion',
  'outcome',
  'planDigest',
  'reportDigest',
  'underAgreement',
  'upperBound',
  'value',
  'verdict',
] as const;

/** The members of messages about an agreement that exists; they mean this in such a message only. */
const agreementTerms: JsonObject = {
  '@protected': true,
  agreementId: { '@id': `${ns}agreementId`, '@type': '@id' },
  code: `${ns}code`,
  reason: { '@id': `${ns}reason`, '@container': '@list' },
};

/**
 * The context document of `https://w3id.org/hansa/v1`, for a node to serve as `application/ld+json`. Every term is
 * protected and has a full IRI, so no other context can give a signed word another meaning. No term repeats one of
 * the credentials context, which is why evidence is `auditEvidence` here.
 */
export const hansaContext: JsonObject = {
  '@context': {
    '@version': 1.1,
    '@protected': true,
    ...Object.fromEntries(plainTerms.map((term) => [term, `${ns}${term}`])),
    auditedAt: { '@id': `${ns}auditedAt`, '@type': dateTime },
    reportUrl: { '@id': `${ns}reportUrl`, '@type': '@id' },
    auditEvidence: { '@id': `${ns}auditEvidence`, '@type': '@id' },
    finding: { '@id': `${ns}finding`, '@container': '@set' },
    AgreementTerminationMessage: { '@id': `${ns}AgreementTerminationMessage`, '@context': agreementTerms },
    AgreementError: { '@id': `${ns}AgreementError`, '@context': agreementTerms },
  },
};

/** The contexts that a signed document may use; nothing is ever fetched. */
export const knownContexts: ReadonlyMap<string, object> = new Map<string, object>([
  ...[...credentialContexts].filter(([url]) => url === credentialsV2),
  ...dataIntegrityContexts,
  ...multikeyContexts,
  [hansaContextUrl, hansaContext],
]);
