export { verificationKey } from '../document/verification-key.ts';
export type { LedgerKey } from '../genesis/control.schema.ts';
export { didOfGenesis, type Genesis, parseGenesis } from '../genesis/genesis.ts';
export type { Sha256 } from '../sha256-port.ts';
export { isDid, MAIN_NETWORK, type ParsedDid, parseDid } from '../syntax/did-syntax.ts';
export { type ParsedDidUrl, parseDidUrl } from '../syntax/did-url-syntax.ts';
export { formatVersionId, type ParsedVersionId, parseVersionId } from '../syntax/version-id.ts';
export type {
  DidDocument,
  DidErrorName,
  DidResolution,
  DidResolver,
  Service,
  VerificationMethod,
  VerificationRelationship,
} from '../types.ts';
export { createHttpResolver, type HttpResolverOptions } from './create-http-resolver.ts';
export { verifyFirstDocument, verifyGenesis } from './verify-genesis.ts';
