export { BINDING_STATEMENT_TYP } from './binding/binding-statement.ts';
export {
  CONFIGURATION_ID,
  type IssuerLimits,
  type IssuerParty,
  type MobileNetwork,
} from './context.ts';
export { createIssuer, type Issuer } from './create-issuer.ts';
export { type IssuerErrorCode, issuerErrors } from './errors.ts';
export type { IssuerOptions } from './issuer-options.ts';
export { type CopyOrigin, type CopyStatus, copyOrigin, copyStatus } from './line/copies.ts';
export { decideLine, type LineDecision, settleLine } from './line/decide.ts';
export type { LineEvent, LineEventType, LineRefusal } from './line/events.ts';
export { type LineFacts, lineFacts } from './line/facts.ts';
export {
  type Binding,
  DEFAULT_LINE_POLICY,
  type LinePhase,
  type LinePolicy,
  type LineState,
  orderedLine,
  type PendingBinding,
  type SuspensionReason,
} from './line/state.ts';
export { HANDLE_ENDS, LINE_TRANSITIONS } from './line/transitions.ts';
export type { CredentialOffer } from './offers/offers.ts';
export type { PublishedList, StatusPublisher } from './status/status-publisher.ts';
export { sampleSubscribers } from './subscribers/sample-subscribers.ts';
export type { NewSubscriber, Subscriber, VerificationMethod } from './subscribers/subscriber.ts';
export type { DeskEvent, NewHolder, Subscribers } from './subscribers/subscribers.ts';
