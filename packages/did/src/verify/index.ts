export { verificationKey } from '../document/verification-key.ts';
export type { LedgerKey } from '../genesis/control.schema.ts';
export { didOfGenesis, type Genesis, parseGenesis } from '../genesis/genesis.ts';
export { nextCommitment } from '../genesis/next-commitment.ts';
export { toV1View } from '../resolver/views.ts';
export type { Sha256 } from '../sha256-port.ts';
export { isDid, MAIN_NETWORK, type ParsedDid, parseDid } from '../syntax/did-syntax.ts';
export { type ParsedDidUrl, parseDidUrl } from '../syntax/did-url-syntax.ts';
export { formatVersionId, type ParsedVersionId, parseVersionId } from '../syntax/version-id.ts';
export {
  type DidDocument,
  type DidErrorName,
  type DidResolution,
  type DidResolver,
  PROOF_TYPE,
  type ProofForm,
  type ResolutionOptions,
  type ResolutionProof,
  type Service,
  type VerificationMethod,
  type VerificationRelationship,
} from '../types.ts';
export { createHttpResolver, type HttpResolverOptions } from './create-http-resolver.ts';
export {
  checkpointsOf,
  createLedgerTrust,
  isProofFailure,
  type LedgerTrust,
  type LedgerTrustOptions,
  type NodeAddress,
  proofFailure,
  readBounded,
  servedBy,
} from './ledger-trust.ts';
export { parseResult } from './result.schema.ts';
export {
  proofBytes,
  type VerifiedReads,
  type VerifiedState,
  verifiedReads,
  verifyState,
} from './verified-reads.ts';
export { verifyFirstDocument, verifyGenesis } from './verify-genesis.ts';
export { type VerifyResolutionOptions, verifyResolution } from './verify-resolution.ts';
