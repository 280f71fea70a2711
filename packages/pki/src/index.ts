export { type GatewayAgentOptions, startGatewayAgent } from './agent/gateway-agent.ts';
export { createStrongSwan, type IkeDaemon, type IkeSa } from './agent/ike-daemon.ts';
export { createProvenCheck, type ProvenCheckOptions } from './agent/proven-check.ts';
export { type RunAgentOptions, runGatewayAgent } from './agent/run-agent.ts';
export { connectVici, type ViciClient } from './agent/vici/vici-client.ts';
export { buildPkiOperation, type PkiOperationRequest } from './build/build-operation.ts';
export { type BuiltSubmission, type SubmissionRequest, splitItems } from './build/build-submission.ts';
export {
  anchorIdOf,
  batchIdOf,
  certificateHash,
  commitToTokenKey,
  leafFor,
  leafSalt,
  nameHashOf,
} from './build/commitments.ts';
export { buildSubmission } from './build/pki-submission.ts';
export { checkCertificate } from './check-certificate.ts';
export { createPki } from './create-pki.ts';
export { errors as pkiErrors, type PkiErrorCode } from './errors.ts';
export type { ItemResult } from './front/json/item-results.ts';
export { pkiReadRoutes, pkiSubmitRoutes } from './front/json/pki-routes.ts';
export {
  createPublisher,
  type Published,
  type Publisher,
  type PublisherOptions,
  type PublishRequest,
} from './front/json/publisher.ts';
export type { ReadEndpointOptions } from './front/json/read.endpoint.ts';
export type { SubmitEndpointOptions } from './front/json/submit.endpoint.ts';
export type { SubmissionAttachment, SubmittedItem } from './module/attachment.schema.ts';
export type { BatchTerms, PkiBody, PkiKind, StatusReason } from './module/bodies.schema.ts';
export type { CertificateRules, LeafFacts } from './module/certificate-rules.ts';
export { createPkiModule, type PkiModule } from './module/create-pki-module.ts';
export { NOTICE_SECONDS } from './operations/admit-anchor.ts';
export { SUSPENSION_SECONDS } from './operations/change-status.ts';
export { RENEWAL_OVERLAP_SECONDS } from './operations/publish-item.ts';
export { pkiModule } from './pki-module.ts';
export {
  type CertificateProof,
  decodeCertificateProof,
  encodeCertificateProof,
  type ProvenCheck,
  proveCertificate,
  verifyCertificateProof,
} from './proof/certificate-proof.ts';
export { fetchCertificateProof, type ProofSourceOptions } from './proof/fetch-proof.ts';
export { certificateProofEndpoint } from './proof/proof.endpoint.ts';
export { CHALLENGE_SECONDS, type Possession, possessionStatement } from './rules/possession.ts';
export { type CertificateRole, isDevice, MAX_OPERATIONAL_LIFETIME, ROLES } from './rules/roles.ts';
export type { Scope } from './rules/scope.ts';
export type { SerialRange } from './rules/serial-range.ts';
export { TOKEN_KEY_BYTES } from './rules/tokens.ts';
export {
  type AdmissionRecord,
  type AnchorRecord,
  type BatchRecord,
  type CertificateRecord,
  type CertificateStatus,
  PKI_MODULE,
  type RelationRecord,
} from './state/records.ts';
export { anchorStanding, statusAt } from './state/standing.ts';
export { decodeStatusSet, encodeStatusSet, type StatusBits } from './status/status-set.ts';
export type { Anchor, Batch, CheckResult, Pki, Relation, StatusSet, Verdict } from './types.ts';
