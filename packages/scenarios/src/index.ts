export { type Hop, proveTrace, type TracedBlock } from './data/block/prove-trace.ts';
export { DATA_MODULES } from './data/index.ts';
export { EXPORT_SCHEMA, exportPerson, joinExports, type PersonExport } from './data/person/export-person.ts';
export { type DataSample, type DataSampleOptions, sampleData } from './data/sample/sample-data.ts';
export { allocate } from './decimal/allocate.ts';
export { CURRENCIES } from './decimal/currencies.ts';
export {
  AMOUNT,
  absolute,
  add,
  compare,
  DECIMAL,
  type Decimal,
  divide,
  fixed,
  isNegative,
  isZero,
  least,
  MAX_DIGITS,
  most,
  multiply,
  negate,
  parseDecimal,
  placesOf,
  ROUNDINGS,
  type Rounding,
  round,
  subtract,
  sum,
} from './decimal/decimal.ts';
export {
  addMoney,
  CURRENCY,
  compareMoney,
  currencyPlaces,
  MONEY,
  type Money,
  parseMoney,
  roundMoney,
  subtractMoney,
} from './decimal/money.ts';
export { readDevicesCsv, writeDevicesCsv } from './device/formats/csv.ts';
export type { DeviceRecord } from './device/formats/device-facts.ts';
export { type DeviceMove, fromEpcis, toEpcis } from './device/formats/epcis.ts';
export { type MoveCommand, type PlannedMove, planMove } from './device/formats/epcis-import.ts';
export { fromTmf639, toTmf639 } from './device/formats/tmf639.ts';
export { DEVICE_MODULES } from './device/index.ts';
export { makeTag, tagKeyRef } from './device/inspection/tag.ts';
export type { DeviceFacts } from './device/modules/device-item.ts';
export { type DeviceSample, sampleDevices } from './device/sample/sample-devices.ts';
export { type Duplicate, duplicatesOf, type Numbered } from './device/stocktake/duplicates.ts';
export type { Metrics } from './device/supervision/metrics.ts';
export { CONTRACTS_PATH, type ContractRoutesOptions, contractRoutes } from './endpoints/contract.endpoint.ts';
export type { ContractApi } from './endpoints/contract-api.ts';
export { type EvidenceRoutesOptions, evidenceRoutes } from './endpoints/evidence.endpoint.ts';
export { describeContracts } from './endpoints/openapi.ts';
export { type PartyRoutesOptions, partyRoutes } from './endpoints/party.endpoint.ts';
export { type PersonRoutesOptions, personRoutes } from './endpoints/person.endpoint.ts';
export {
  createWebhooks,
  type Webhook,
  type WebhookFetch,
  type Webhooks,
  type WebhooksOptions,
} from './endpoints/webhooks/create-webhooks.ts';
export { errors as scenarioErrors, type ScenarioErrorCode } from './errors.ts';
export { ACCESS_MODULE, type Access, type AccessState, accessModule } from './host/access/access-module.ts';
export type { RunAnswer, RunRequest } from './host/commands/run-contract-command.ts';
export { type ContractHost, createContractHost, type OwnDispute } from './host/create-contract-host.ts';
export { AGENT, AUDITOR, BUILT_IN_TYPES } from './host/credentials/built-in-types.ts';
export {
  allCredentialTypes,
  CREDENTIAL_MODULE,
  credentialModule,
  type IssuedState,
} from './host/credentials/credential-module.ts';
export { type CredentialsOptions, openCredentials } from './host/credentials/open-credentials.ts';
export type { EraseRequest, Erasure } from './host/erase/erase-payload.ts';
export type { AuditFinding, AuditUnchecked } from './host/evidence/audit-object.ts';
export type { Audit, AuditRequest } from './host/evidence/audit-objects.ts';
export type { Unchecked } from './host/evidence/check-evidence.ts';
export type { NotChecked } from './host/evidence/decide-again.ts';
export type { EvidenceLine, ObjectEvidence } from './host/evidence/object-evidence.ts';
export type { ProvedView } from './host/evidence/prove-object.ts';
export { type ExchangeRoutesOptions, exchangeRoutes } from './host/exchange/exchange.endpoint.ts';
export type { ExchangeParty } from './host/exchange/exchange-party.ts';
export { CONTRACTS_SERVICE } from './host/exchange/find-peer.ts';
export {
  createHttpExchange,
  type ExchangeFetch,
  type HttpExchangeOptions,
} from './host/exchange/http-exchange.ts';
export type { ContractHostOptions, FoldedLine, HostLedger, HostParty } from './host/host-parts.ts';
export { createKeyedLock, type KeyedLock } from './host/keyed-lock.ts';
export { createKnownModules, type KnownModule, type KnownModules } from './host/known-modules.ts';
export { createLedgerView, type LedgerView } from './host/ledger-view.ts';
export type { AskParty } from './host/lookup/collect-answer.ts';
export { createHttpAsk, type HttpAskOptions } from './host/lookup/http-ask.ts';
export type { LeftOut, LookupAnswer, LookupPlace, LookupQuestion } from './host/lookup/lookup-answer.ts';
export type { Lookup, LookupEntry, LookupSource } from './host/lookup/lookup-person.ts';
export type { OutboxEntry } from './host/outbox/create-outbox.ts';
export { type ItemProof, verifyItem } from './host/payload/batch-items.ts';
export type {
  Credentials,
  CredentialTypes,
  Exchange,
  Held,
  IssueRequest,
  Moment,
  Vault,
} from './host/ports.ts';
export type { HistoryEntry, PayloadView } from './host/queries/read-history.ts';
export type { ObjectView, ReadRequest } from './host/queries/read-objects.ts';
export type { Asking } from './host/queries/reader-of.ts';
export type { Part, PartCall, QueryCall } from './host/queries/run-query.ts';
export type { HostFault, HostVerification } from './host/queries/verify-host.ts';
export { createModuleDecider, type SharedObject, type SharedPayload } from './host/shared/module-decider.ts';
export { payloadKeyName } from './host/store/payload-records.ts';
export { createKeyDisk, type KeyDisk } from './host/vault/key-disk.ts';
export { type KeyFileOptions, openKeyFile } from './host/vault/open-key-file.ts';
export { type AccountOf, type AccountState, account, type Entry } from './kinds/account.ts';
export {
  type AgreementOf,
  type AgreementState,
  agreement,
  type Body,
  type Signature,
} from './kinds/agreement.ts';
export { agreedAt } from './kinds/agreement-queries.ts';
export { type AssetOf, type AssetState, asset, type Containment, type Stay } from './kinds/asset.ts';
export { stayOf } from './kinds/asset-state.ts';
export { type CaseOf, type CaseState, type Category, caseOf, type Evidence } from './kinds/case.ts';
export { isBreached } from './kinds/case-queries.ts';
export type { Common, Declaration, Own, Rule } from './kinds/declaration.ts';
export { type DocumentOf, type DocumentState, type DocumentVersion, document } from './kinds/document.ts';
export { versionAt } from './kinds/document-queries.ts';
export { counts, type Effect, effectOf, inForce } from './kinds/effect.ts';
export { type GrantOf, type GrantState, grant, type Step } from './kinds/grant.ts';
export { type Standing, standingOf } from './kinds/grant-queries.ts';
export {
  type Batch,
  type Flagged,
  type RecordOf,
  type RecordState,
  record,
  type Sums,
} from './kinds/record.ts';
export { declarationOf, digestOfModule } from './module/declaration.ts';
export { describeModule } from './module/describe-module.ts';
export { instantOf, instantText } from './module/instant.ts';
export type { Key, Keys, Match } from './module/lookups.ts';
export type {
  Begins,
  Command,
  CommandRequest,
  Context,
  Gives,
  Grant,
  JsonObject,
  JsonSchema,
  Module,
  ModuleEvent,
  ObjectName,
  Query,
  QueryRequest,
  Reader,
  Recorded,
  Row,
  Text,
  Trust,
} from './module/module.ts';
export {
  ERASED,
  EVERYONE,
} from './module/module.ts';
export { type CommandRun, commandOf, type Outcome, runCommand } from './module/run-command.ts';
export { type Validate, validatorOf } from './module/schemas.ts';
export {
  DID,
  INSTANT,
  integer,
  list,
  nullable,
  OBJECT_ID,
  OBJECT_NAME,
  oneOf,
  prose,
  SECONDS,
  SHA256,
  said,
  shape,
  text,
} from './module/shapes.ts';
export { readBwrpContract } from './roaming/bwrp/read-contract.ts';
export { type BwrpSettlement, readBwrpSettlement } from './roaming/bwrp/read-settlement.ts';
export {
  type BwrpUsage,
  type Repair,
  readBwrpUsage,
  repairsForSubmit,
} from './roaming/bwrp/read-usage.ts';
export { ROAMING_MODULES } from './roaming/index.ts';
export { type Configuration, configurationAt, type SheetVersion } from './roaming/ir21/configuration.ts';
export { checkCopy, digestOfSheet } from './roaming/ir21/copy.ts';
export { diffIr21, type Ir21Change } from './roaming/ir21/diff-ir21.ts';
export type { Ir21 } from './roaming/ir21/normal-form.ts';
export { readIr21 } from './roaming/ir21/read-ir21.ts';
export { resultOf, type StatementInputs } from './roaming/modules/check-statement.ts';
export type { StatementTerms } from './roaming/modules/statement-schema.ts';
export type { CreditTransfer, PaymentParty } from './roaming/payment/credit-transfer.ts';
export { readPain001 } from './roaming/payment/read-pain001.ts';
export { writePain001 } from './roaming/payment/write-pain001.ts';
export type { SampleOperator } from './roaming/sample/operators.ts';
export {
  type RoamingSample,
  type RoamingSampleOptions,
  sampleRoaming,
} from './roaming/sample/sample-roaming.ts';
export { compareUsage, type Discrepancy, type Tolerance } from './roaming/settlement/discrepancy.ts';
export { type Debt, netPosition } from './roaming/settlement/net-position.ts';
export { type Settlement, settle } from './roaming/settlement/settle.ts';
export { computeStatement, type StatementResult } from './roaming/settlement/statement.ts';
export type { Tariff } from './roaming/settlement/tariff.ts';
export type { UsageRow } from './roaming/settlement/usage-row.ts';
export { SCENARIO_MODULES } from './scenario-modules.ts';
