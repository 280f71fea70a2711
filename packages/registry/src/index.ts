export { buildRegistryOperation, type RegistryOperationRequest } from './build-operation.ts';
export { buildChannelOperation, type ChannelOperationRequest } from './channels/build-operation.ts';
export { channelModule } from './channels/channel-module.ts';
export { isChannelName, MAIN_CHANNEL, parentOf } from './channels/channel-name.ts';
export { type ChannelRoutesOptions, channelRoutes } from './channels/channels.endpoint.ts';
export { type Channels, createChannels } from './channels/create-channels.ts';
export { namespaceOfKey } from './channels/namespace-of-key.ts';
export { isReadable, isWritable, namespaceRule } from './channels/namespace-rule.ts';
export { CHANNEL_MODULE, channelStateKey } from './channels/records.ts';
export type { Channel, ChannelKeyAnchor, ChannelMember, ChannelRole } from './channels/types.ts';
export { createRegistryClient, type RegistryClientOptions } from './client.ts';
export { createRegistry } from './create-registry.ts';
export { errors as registryErrors } from './errors.ts';
export { type BatchItem, batchOf, batchPath, verifyBatchItem } from './event/batch.ts';
export {
  buildDispute,
  buildLine,
  type DisputeRequest,
  type LineRequest,
  signLine,
} from './event/build-line.ts';
export { channelKeyCommitment, digestOf, refOf, sharedTokenKey, tokenOf } from './event/commitments.ts';
export { createEventLines, type EventLines, type NumberedLine } from './event/create-event-lines.ts';
export {
  type Beginning,
  type DecidedEvent,
  type DecideHead,
  type DecideRequest,
  type Decider,
  type DeciderContext,
  type Declaration,
  type Execution,
  moduleDigestOf,
  type RecordedEvent,
  type SeenState,
} from './event/decider.ts';
export { type DeciderPlace, deciderContextOf } from './event/decider-context.ts';
export { createEventModule } from './event/event-module.ts';
export { EVENT_MODULE, type EventTable, eventStateKey } from './event/records.ts';
export { type Decision, runDecider } from './event/run-decider.ts';
export { sharedTokens } from './event/tokens.ts';
export type { Batch, Dispute, Line, LineHead, Rule, RuleRole, TokenHolder } from './event/types.ts';
export type { RegistryBody, RegistryKind } from './operations/bodies.schema.ts';
export { registryRoutes } from './registry.endpoint.ts';
export { registryModule } from './registry-module.ts';
export { createRegistryModules } from './registry-modules.ts';
export { APP_CLAIMS, type AppClaim } from './rules/app-claims.ts';
export { type ParseStrict, strictParser } from './rules/strict-parser.ts';
export { type Parameters, REGISTRY_MODULE, readParameters } from './state/collections.ts';
export { readMember } from './state/effective-records.ts';
export { countDistinct, signingKeysOf } from './state/signing-keys.ts';
export { readUpgrades, registryVersionAt, type Upgrade } from './state/upgrades.ts';
export { registryValidators } from './state/validators.ts';
export {
  type Anchoring,
  type AnchoringOptions,
  anchorSubLedger,
} from './sub-ledger/anchor-sub-ledger.ts';
export {
  anchorBody,
  buildSubLedgerOperation,
  type SubLedgerOperationRequest,
} from './sub-ledger/build-operation.ts';
export {
  type AnchorComparison,
  type AnchoredRoot,
  compareAnchors,
  fetchAnchors,
} from './sub-ledger/compare-anchors.ts';
export { createSubLedgers, type SubLedgers } from './sub-ledger/create-sub-ledgers.ts';
export { anchorStateKey, SUB_LEDGER_MODULE } from './sub-ledger/records.ts';
export { subLedgerModule } from './sub-ledger/sub-ledger-module.ts';
export { subLedgerRoutes } from './sub-ledger/sub-ledgers.endpoint.ts';
export type { Anchor, Fork, SubLedger } from './sub-ledger/types.ts';
export type {
  App,
  Bridge,
  ClientAuthentication,
  DisplayName,
  Issuer,
  Member,
  Registry,
  RegistryClient,
  Role,
  Validator,
  Validity,
} from './types.ts';
