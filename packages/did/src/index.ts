export { actorKeys, didModule } from './did-module.ts';
export { contentOf } from './document/content-of.ts';
export type { DocumentContent, ServiceContent } from './document/document.ts';
export { verificationKey } from './document/verification-key.ts';
export { type DidErrorCode, didErrors } from './errors.ts';
export type { LedgerKey } from './genesis/control.schema.ts';
export { didOfGenesis, type Genesis, parseGenesis } from './genesis/genesis.ts';
export { buildDeactivate, type DeactivateRequest } from './operations/build-deactivate.ts';
export { buildRotate, type RotateRequest } from './operations/build-rotate.ts';
export { buildUpdate, type UpdateRequest } from './operations/build-update.ts';
export { cosign, documentOfOperation, joinSignatures, missingSigners } from './operations/cosign.ts';
export { type CreateDidRequest, type CreatedDid, createDid } from './operations/create-did.ts';
export { createRegistrar, type Registrar } from './operations/create-registrar.ts';
export {
  type ChangeAuthority,
  commitmentOf,
  type DidContent,
  type NextControl,
} from './operations/did-content.ts';
export { controlKeyRef, ensureControlKeys, findControlKeys } from './organisation/control-keys.ts';
export {
  createOrganisation,
  type Organisation,
  type OrganisationRefs,
  type OrganisationRequest,
} from './organisation/create-organisation.ts';
export {
  type AuthenticatedParty,
  createPartyAuthenticator,
  type PartyAuthenticator,
  type PartyAuthenticatorOptions,
} from './party/create-party-authenticator.ts';
export { createPartyToken, MAX_TOKEN_SECONDS, type PartyTokenRequest } from './party/create-party-token.ts';
export { partyChallenge, requireParty } from './party/require-party.ts';
export { createLedgerResolver } from './resolver/create-ledger-resolver.ts';
export { DID_MEDIA_TYPE } from './resolver/describe-version.ts';
export { firstDocument } from './resolver/first-document.ts';
export { getResolver } from './resolver/get-resolver.ts';
export { resolverRoutes } from './resolver/identifiers.endpoint.ts';
export { createDidModule } from './state/create-did-module.ts';
export { formatDid, isDid, isNetwork, MAIN_NETWORK, type ParsedDid, parseDid } from './syntax/did-syntax.ts';
export { type ParsedDidUrl, parseDidUrl } from './syntax/did-url-syntax.ts';
export { formatVersionId, type ParsedVersionId, parseVersionId } from './syntax/version-id.ts';
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
} from './types.ts';
export { createHttpResolver, type HttpResolverOptions } from './verify/create-http-resolver.ts';
export { verifyFirstDocument, verifyGenesis } from './verify/verify-genesis.ts';
