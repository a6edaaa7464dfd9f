export { type AcceptanceCheck, acceptCredentials, type PendingRequest } from './accept-credentials.js';
export { type AccessGrant, issueAccessToken, verifyAccessToken } from './access-token.js';
export { buildPresentations, type PresentationRequest } from './build-presentations.js';
export { checkStatus, type FetchStatusList, type StatusCheck } from './check-status.js';
export { hansaContext, hansaContextUrl } from './contexts.js';
export type { Credential, Profile } from './credential.js';
export {
  countersignWithDataIntegrity,
  type DataIntegrityCheck,
  type SignedCredential,
  signWithDataIntegrity,
  verifyDataIntegrity,
} from './data-integrity.js';
export {
  buildDidDocument,
  type DidDocument,
  parseDidDocument,
  type Relationship,
  type RelationshipPolicy,
  type ResolveDid,
  type Service,
  selectKey,
  serviceEndpoint,
  type VerificationMethod,
} from './did-document.js';
export { locateService, parseServiceUrl, type ServiceUrl, serviceUrl } from './did-url.js';
export { type DidWeb, didDocumentUrl, parseDidWeb } from './did-web.js';
export {
  type CredentialCatalogue,
  type CredentialContainer,
  type CredentialDelivery,
  type CredentialObject,
  type CredentialRequest,
  type CredentialRequestStatus,
  credentialMessage,
  credentialRequestMessage,
  credentialStatusMessage,
  issuerMetadata,
  parseCredentialMessage,
  parseCredentialOffer,
  parseCredentialRequest,
  parseCredentialStatus,
  parseIssuerMetadata,
} from './issuance-messages.js';
export { type CredentialDraft, issueCredential, issueStatusList, statusMember } from './issue-credential.js';
export {
  generateKeyPair,
  importKeyPair,
  type KeyPair,
  type KeyPurpose,
  localSigner,
  type PublicJwk,
  type PublicKey,
  publicKeyOf,
  type Signer,
  type SigningAlgorithm,
} from './keys.js';
export { dcpContext } from './message.js';
export { parsePresentationQuery, presentationQuery, presentationResponse } from './presentation-messages.js';
export type { DcpProblem, DcpProblemKind, DcpResult, Verified } from './problem.js';
export type { CounterSignature } from './proof-set.js';
export {
  formatScope,
  grantedScopes,
  parseScope,
  type Scope,
  type ScopeAliases,
  type ScopeTarget,
  scopeAliases,
  scopeMatches,
} from './scope.js';
export {
  issueSelfIssuedToken,
  type SeenBefore,
  type SelfIssuedToken,
  type TokenCheck,
  type TokenRequest,
  verifySelfIssuedToken,
} from './self-issued-token.js';
export type { StatusEntry, StatusPurpose } from './status-entry.js';
export {
  createStatusList,
  decodeStatusList,
  encodeStatusList,
  statusAt,
  statusListSize,
  withStatus,
} from './status-list.js';
export { isTrustedIssuer, type TrustedIssuer } from './trust-list.js';
export {
  type CredentialCheck,
  recheckCredential,
  type VerifiedCredential,
  verifyCredential,
} from './verify-credential.js';
export { type Presentation, type PresentationCheck, verifyPresentations } from './verify-presentations.js';
