export {
  type OpenLedgerOptions,
  openLedger,
} from './drivers/solo/open-ledger.ts';
export type { LedgerErrorCode } from './errors.ts';
export type { BlockNotice, Head, Ledger, OperationResult } from './ledger.ts';
export type {
  ActorKeys,
  ApplyContext,
  LedgerEvent,
  LedgerModule,
  State,
  StateReader,
} from './module.ts';
export {
  MAX_OPERATION_BYTES,
  MAX_VALIDITY_SECONDS,
  OPERATION_DOMAIN_TAG,
  type Operation,
  type OperationPayload,
  type OperationSignature,
} from './operation.ts';
export { buildOperation } from './operations/build-operation.ts';
export { decodeOperation, encodeOperation } from './operations/decode-operation.ts';
export { operationId } from './operations/operation-id.ts';
export {
  createSignatureVerifier,
  proofCrypto,
  type SignatureVerifier,
  verifySignature,
} from './signatures/verify-signature.ts';
export { type LmdbStoreOptions, openLmdbStore } from './store/lmdb-store.ts';
