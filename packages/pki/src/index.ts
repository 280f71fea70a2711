export { type GatewayAgent, type GatewayAgentOptions, startGatewayAgent } from './agent/gateway-agent.ts';
export { createStrongSwan, type IkeChange, type IkeDaemon, type IkeSa } from './agent/ike-daemon.ts';
export { createProvenCheck, type ProvenCheckOptions } from './agent/proven-check.ts';
export { type RunAgentOptions, runGatewayAgent } from './agent/run-agent.ts';
export { createSightingReporter, type SightingReporterOptions } from './agent/sighting-reporter.ts';
export type { CertificateCheck, Tunnel, TunnelVerdict } from './agent/tunnel-judge.ts';
export { connectVici, type ViciClient } from './agent/vici/vici-client.ts';
export { type WatchStatusOptions, watchStatus } from './agent/watch-status.ts';
export { keyStoreSigningKey, type SigningKey, signingKeyOf } from './asn1/signing-key.ts';
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
  nonceFor,
} from './build/commitments.ts';
export { buildSubmission } from './build/pki-submission.ts';
export {
  type BundleProof,
  decodeBundleProof,
  encodeBundleProof,
  type ProvenTrust,
  proveBundle,
  verifyBundleProof,
} from './bundle/bundle-proof.ts';
export {
  type CrossAuthority,
  type CrossOptions,
  issueCrossCertificate,
  type LedgerRootOptions,
  signLedgerRoot,
} from './bundle/cross-certificate.ts';
export { bundlePath, fetchBundleProof } from './bundle/fetch-bundle.ts';
export { bundleJwks, type SpiffeBundle } from './bundle/jwks.ts';
export { bundlePem, certificatePem, PEM_TYPE } from './bundle/pem.ts';
export { bundleSequence, operatorOfPlmn, selectMembers, type TrustLists } from './bundle/select-members.ts';
export {
  type BundleMembers,
  type BundleName,
  bundleOf,
  type TrustBundle,
  type TrustedAnchor,
  type TrustGrant,
} from './bundle/trust-bundle.ts';
export {
  type AuthorityOptions,
  type CertificateAuthority,
  createAuthority,
  type IssueRequest,
  type RootOptions,
  signRootCertificate,
} from './ca/authority.ts';
export { type KeyRequest, parseCertificationRequest } from './ca/certification-request.ts';
export { createIssuedRegister, type IssuedEntry, type IssuedRegister } from './ca/issued-register.ts';
export { type KeptCertificateOptions, keepCertificate } from './ca/keep-certificate.ts';
export {
  ensureSigningKey,
  type OpenAuthorityOptions,
  type OwnKeyOptions,
  openAuthority,
  openResponder,
} from './ca/open-authority.ts';
export { type CertificateProfile, PROFILES } from './ca/profile.ts';
export { type AuthorityRequest, requestAuthorityCertificate } from './ca/request-certificate.ts';
export { checkCertificate } from './check-certificate.ts';
export { createPki } from './create-pki.ts';
export { ensureTokenKey } from './ensure-token-key.ts';
export { errors as pkiErrors, type PkiErrorCode } from './errors.ts';
export { type BundleRoutesOptions, bundleRoutes } from './front/bundle/bundle.endpoint.ts';
export { type CaEnrolmentOptions, createCaEnrolment } from './front/ca-enrolment.ts';
export { type CmpRoutesOptions, cmpRoutes } from './front/cmp/cmp.endpoint.ts';
export { type CmpEvidence, checkCmpEvidence } from './front/cmp/evidence.ts';
export { type CmpServer, type CmpServerOptions, createCmpServer } from './front/cmp/server.ts';
export type { CmpSigner } from './front/cmp/write-message.ts';
export { type CrlRoutesOptions, type CrlSource, crlRoutes } from './front/crl/crl.endpoint.ts';
export { ledgerCrlSource } from './front/crl/ledger-crl-source.ts';
export { type CrlContent, type CrlEntry, writeCrl } from './front/crl/write-crl.ts';
export type {
  Enrolment,
  EnrolmentRequest,
  Grant,
  Issued,
  Requester,
  RevocationRequest,
} from './front/enrolment.ts';
export { P256_ATTRIBUTES } from './front/est/csr-attributes.ts';
export { type EstRoutesOptions, estRoutes } from './front/est/est.endpoint.ts';
export { nodePeerCertificates, type ReadPeerCertificates } from './front/est/peer-certificate.ts';
export type { CheckAccount } from './front/est/requester.ts';
export type { ItemResult } from './front/json/item-results.ts';
export { pkiReadRoutes, pkiSubmitRoutes } from './front/json/pki-routes.ts';
export { certificateProofEndpoint } from './front/json/proof.endpoint.ts';
export {
  createPublisher,
  type Published,
  type Publisher,
  type PublisherOptions,
  type PublishRequest,
} from './front/json/publisher.ts';
export type { ReadEndpointOptions } from './front/json/read.endpoint.ts';
export { type SightingsEndpointOptions, sightingsEndpoint } from './front/json/sightings.endpoint.ts';
export { statusSetEndpoint } from './front/json/status-set.endpoint.ts';
export type { SubmitEndpointOptions } from './front/json/submit.endpoint.ts';
export { type LedgerSourceOptions, ledgerPeerTrust, ledgerStatusSource } from './front/ledger-sources.ts';
export { type OcspRoutesOptions, ocspRoutes } from './front/ocsp/ocsp.endpoint.ts';
export {
  createOcspResponder,
  type OcspResponder,
  type OcspResponderOptions,
} from './front/ocsp/responder.ts';
export type { OcspSigner } from './front/ocsp/response.ts';
export type { OcspAnswered } from './front/ocsp-listener/connection.ts';
export {
  type OcspListener,
  type OcspListenerOptions,
  startOcspListener,
} from './front/ocsp-listener/ocsp-listener.ts';
export type { EnrolmentProfile } from './front/operator/enrolment-profile.ts';
export { createLedgerEnrolment, type LedgerEnrolmentOptions } from './front/operator/ledger-enrolment.ts';
export { createPeerTrust, type PeerTrust, type PeerTrustOptions } from './front/peer-trust.ts';
export type { CertificateStatusSource, StatusIssuer } from './front/status-source.ts';
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
  saysPublished,
  verifyCertificateProof,
} from './proof/certificate-proof.ts';
export { fetchCertificateProof, fetchStatusProof, type ProofSourceOptions } from './proof/fetch-proof.ts';
export { proveCertificate } from './proof/prove-certificate.ts';
export { refusalOf } from './refusals.ts';
export { CHALLENGE_SECONDS, type Possession, possessionStatement } from './rules/possession.ts';
export { type CertificateRole, isDevice, MAX_OPERATIONAL_LIFETIME, ROLES } from './rules/roles.ts';
export type { Scope } from './rules/scope.ts';
export type { SerialRange } from './rules/serial-range.ts';
export { TOKEN_KEY_BYTES } from './rules/tokens.ts';
export type { Sighting } from './sightings/clone-detector.ts';
export {
  createSightingDesk,
  type SightingDesk,
  type SightingDeskOptions,
} from './sightings/sighting-desk.ts';
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
export {
  decodeStatusProof,
  encodeStatusProof,
  type ProvenStatus,
  proveStatus,
  type StatusProof,
  verifyStatusProof,
} from './status/status-proof.ts';
export { decodeStatusSet, encodeStatusSet, type StatusBits } from './status/status-set.ts';
export { errors as peerErrors, type PeerErrorCode } from './tls/errors.ts';
export { checkPeer, judgePeer, type Peer, type PeerChain } from './tls/judge-peer.ts';
export { type KeepCheckedOptions, keepPeersChecked } from './tls/keep-checked.ts';
export {
  createLedgerPeers,
  type LedgerPeers,
  type LedgerPeersOptions,
  type PeerConnection,
  type PeerServer,
} from './tls/ledger-peers.ts';
export { createLedgerView, type LedgerView, type LedgerViewOptions } from './tls/ledger-view.ts';
export type { PeerAddress } from './tls/peer-socket.ts';
export {
  chainOf,
  createCheckServerIdentity,
  createLedgerSecureContext,
  ledgerSecureContextOptions,
  type PeerIdentity,
} from './tls/secure-context.ts';
export type { Anchor, Batch, CheckResult, Pki, Relation, StatusSet, Verdict } from './types.ts';
