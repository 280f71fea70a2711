export {
  createLedgerClient,
  type EntriesPage,
  type LedgerClient,
  type LedgerClientOptions,
  type SubmitResult,
} from './client/ledger-client.ts';
export {
  type EngineConfig,
  type EngineGenesis,
  type EnginePeer,
  formatEngineGenesis,
  type StateSync,
  writeEngineConfig,
  writeEngineGenesis,
} from './drivers/cometbft/engine/engine-home.ts';
export { type EngineIdentity, ensureEngineKeys } from './drivers/cometbft/engine/engine-keys.ts';
export { type FindEngineOptions, findEngine } from './drivers/cometbft/engine/find-engine.ts';
export {
  createEngineRpc,
  type EngineRpc,
  EngineRpcError,
  type EngineStatus,
} from './drivers/cometbft/engine/rpc-client.ts';
export { type RunningEngine, superviseEngine } from './drivers/cometbft/engine/run-engine.ts';
export type {
  ContinuedLedger,
  FoundedLedger,
  GenesisDocument,
} from './drivers/cometbft/genesis-document.ts';
export {
  type CometLedger,
  type OpenCometLedgerOptions,
  openCometLedger,
} from './drivers/cometbft/open-comet-ledger.ts';
export type { SnapshotOffer } from './drivers/cometbft/snapshots/snapshots.ts';
export type { Validator as EngineValidator, ValidatorSource } from './drivers/cometbft/validators.ts';
export {
  type Collector,
  type CollectorOptions,
  startCollector,
} from './drivers/cosign/collect-cosignatures.ts';
export {
  type CosignedLedger,
  type OpenCosignedLedgerOptions,
  openCosignedLedger,
} from './drivers/cosign/open-cosigned-ledger.ts';
export type { Timer } from './drivers/heartbeat.ts';
export { type OpenLedgerOptions, openLedger } from './drivers/solo/open-ledger.ts';
export type { CoseIssuer } from './endpoints/cose-receipts.ts';
export { type LedgerRoutesOptions, ledgerRoutes } from './endpoints/ledger-routes.ts';
export type { PolicyChain } from './endpoints/policy-chain.endpoint.ts';
export type { MayRead, ReadGuard } from './endpoints/read-guard.ts';
export { errors as ledgerErrors, type LedgerErrorCode } from './errors.ts';
export type { CommitMeter, CommitReport } from './executor/commit-meter.ts';
export type { Block, Candidate, Executor } from './executor/executor.ts';
export { assertSameGenesis, commitGenesis, type Genesis } from './executor/genesis.ts';
export { LedgerExecutor } from './executor/ledger-executor.ts';
export {
  createLedgerHost,
  type HostedLedger,
  type LedgerHost,
  type LedgerHostParts,
} from './executor/ledger-host.ts';
export { type OpenExecutorOptions, type OpenedExecutor, openExecutor } from './executor/open-executor.ts';
export { createProvingReads, type ProvingReads } from './executor/proving-reads.ts';
export { type Alarm, type Evidence, provesFork } from './follow/evidence.ts';
export { createLogMirror, type LogMirror, type LogMirrorOptions } from './follow/log-mirror.ts';
export {
  type FollowedLedger,
  type OpenFollowedLedgerOptions,
  openFollowedLedger,
} from './follow/open-followed-ledger.ts';
export type { LogTrust } from './follow/signed-head.ts';
export { type WatchOptions, watchEvents } from './follow/watch-events.ts';
export { type CheckStoreOptions, checkStore, type StoreCheck } from './fsck/check-store.ts';
export type {
  BlockNotice,
  BlockSummary,
  Head,
  Ledger,
  OperationResult,
  ProofSource,
  ReceiptForm,
} from './ledger.ts';
export { type WitnessKey, witnessVerifierKey } from './log/sign-checkpoint.ts';
export { type StoredHead, storedHead } from './log/stored-head.ts';
export type {
  ActorKeys,
  ApplyContext,
  LedgerEvent,
  LedgerModule,
  Lookups,
  NamespaceRule,
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
export { operationId, signedBytes } from './operations/operation-id.ts';
export { MAX_SIGNATURES } from './operations/signatures.ts';
export type { LedgerVerification, LogEntry, LogFault } from './replay/entry.ts';
export { EXPORT_FORMAT, type ExportHeader, exportEntries, networkOf, readExport } from './replay/export.ts';
export { type ImportLedgerOptions, importLedger } from './replay/import-ledger.ts';
export { readLines } from './replay/read-lines.ts';
export { storedEntries } from './replay/stored-entries.ts';
export { type SupplyAttachmentOptions, supplyAttachment } from './replay/supply-attachment.ts';
export {
  type VerifyEntriesOptions,
  type VerifyLedgerOptions,
  verifyLedger,
  verifyLedgerEntries,
} from './replay/verify-ledger.ts';
export {
  type BatchVerifier,
  createLocalBatchVerifier,
  type SignatureJob,
} from './signatures/batch-verifier.ts';
export {
  createSignatureVerifier,
  proofCrypto,
  type SignatureVerifier,
  verifySignature,
} from './signatures/verify-signature.ts';
export { createWorkerVerifier, type WorkerVerifierOptions } from './signatures/worker-verifier.ts';
export {
  type RestoreSnapshotOptions,
  readSnapshotNote,
  restoreSnapshot,
  type WrittenSnapshot,
  writeSnapshot,
} from './snapshots/snapshot-files.ts';
export type { RulesOptions, VersionAt } from './state/rules.ts';
export { type Compacted, compactStore } from './store/compact-store.ts';
export { type LmdbStoreOptions, openLmdbStore } from './store/lmdb-store.ts';
export { createThreadPool, type RunTask, type ThreadPool, taskUrl } from './threads/thread-pool.ts';
export { type FetchTile, withTiles } from './tiles/tile-nodes.ts';
