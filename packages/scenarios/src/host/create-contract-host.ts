import { isAppError, type JsonValue, unixSeconds } from '@attestel/core';
import { renewCommonActors } from './blind/renew-common-actor.ts';
import { createChannelKeys } from './channel-keys.ts';
import { type RunAnswer, type RunRequest, runContractCommand } from './commands/run-contract-command.ts';
import { settlePrepared } from './commands/submit-line.ts';
import { type EraseRequest, type Erasure, erasePayload, resumeErasing } from './erase/erase-payload.ts';
import { type Audit, type AuditRequest, auditObjects } from './evidence/audit-objects.ts';
import { createSlots } from './evidence/audit-slots.ts';
import type { ObjectEvidence } from './evidence/object-evidence.ts';
import { type ProvedView, proveKept, proveObject } from './evidence/prove-object.ts';
import { type EvidenceRequest, showEvidence } from './evidence/show-evidence.ts';
import { readFeed } from './fold/fold-line.ts';
import type { ContractHostOptions, FoldedLine, HostParts } from './host-parts.ts';
import { createKeyedLock } from './keyed-lock.ts';
import { createKnownModules } from './known-modules.ts';
import { createLedgerView } from './ledger-view.ts';
import { answerLookup } from './lookup/answer-lookup.ts';
import type { AskParty } from './lookup/collect-answer.ts';
import { eraseSubject, type SubjectErasure } from './lookup/erase-subject.ts';
import type { LookupAnswer, LookupQuestion } from './lookup/lookup-answer.ts';
import { type Lookup, type LookupRequest, lookupPerson } from './lookup/lookup-person.ts';
import { subjectName } from './lookup/subject-name.ts';
import { createOutbox, type OutboxEntry } from './outbox/create-outbox.ts';
import { changesMembers, sendToNewMembers } from './outbox/send-to-new-members.ts';
import type { ItemProof } from './payload/batch-items.ts';
import {
  type HistoryEntry,
  type ItemRequest,
  type PayloadRequest,
  type PayloadView,
  proveBatchItem,
  readHistory,
  readPayload,
} from './queries/read-history.ts';
import { getObject, type ObjectView, type ReadRequest } from './queries/read-objects.ts';
import type { Asking } from './queries/reader-of.ts';
import { type Part, type PartCall, type QueryCall, runQuery, runQueryPart } from './queries/run-query.ts';
import { type HostVerification, verifyHost } from './queries/verify-host.ts';
import { acceptDisputed } from './receive/advance.ts';
import { type DisputeRow, listDisputes, raiseDisputes } from './receive/raise-dispute.ts';
import { receiveParcel } from './receive/receive-parcel.ts';
import { createRuleHistory } from './receive/rule-history.ts';
import { createSharedFeed } from './shared/shared-feed.ts';
import { buildIndexes } from './store/build-index.ts';
import type { ObjectName } from './store/object-rows.ts';
import { listPrepared } from './store/prepared-records.ts';

export interface OwnDispute extends Pick<DisputeRow, 'channel' | 'reasons' | 'status'> {
  readonly line: string;
  /** Its id. */
  readonly object: string;
}

/** Runs modules for one party: commands, states, payloads. */
export interface ContractHost {
  run(request: RunRequest): Promise<RunAnswer>;
  /** @throws AppError module_unknown, not_found, permission_denied */
  get(request: ReadRequest & { readonly id: string }): Promise<ObjectView>;
  /** @throws AppError as `get` */
  history(request: Omit<ReadRequest, 'at'> & { readonly id: string }): Promise<readonly HistoryEntry[]>;
  /** @throws AppError not_found, permission_denied, gone */
  payload(request: PayloadRequest): Promise<PayloadView>;
  /** @throws AppError module_unknown, query_unknown, invalid_argument, query_too_wide */
  query(request: QueryCall): Promise<JsonValue>;
  /** One part of a list; all of what is no list. @throws AppError as `query` */
  queryPart(request: PartCall): Promise<Part>;
  /** Erases a payload here, for ever. @throws AppError permission_denied, not_found */
  erase(request: EraseRequest): Promise<Erasure>;
  /** What proves one item of a batch to whoever sees the line. @throws AppError as `payload`; not_found */
  proveItem(request: ItemRequest): Promise<ItemProof>;
  /** Compares all that is kept with the ledger. */
  verify(): HostVerification;
  /** An object by its lines, for whoever has the ledger to prove. @throws AppError not_found, permission_denied */
  evidence(request: EvidenceRequest): Promise<ObjectEvidence>;
  /** Makes an object from such evidence, whoever shows it. @throws AppError invalid_argument, not_found, evidence_forged */
  prove(evidence: JsonValue): Promise<ProvedView>;
  /** The same of what is kept here, for the party itself. @throws AppError not_found, evidence_forged */
  proveKept(name: ObjectName): Promise<ProvedView>;
  /**
   * Does again, and compares, all of a module that is kept: one at once for each that asks, four for all.
   * @throws AppError module_unknown, permission_denied, not_shared, audit_running, stopped
   */
  audit(request: AuditRequest): Promise<Audit>;
  /** Name of a person in a channel. @throws AppError invalid_argument, channel_key_missing */
  subjectName(channel: string, person: string): Promise<string>;
  /** What another member may see of a person. @throws AppError invalid_argument, permission_denied */
  answerLookup(question: LookupQuestion, asking: Asking): Promise<LookupAnswer>;
  /** One answer about a person from all channels. @throws AppError invalid_argument, permission_denied */
  lookup(ask: AskParty, request: LookupRequest): Promise<Lookup>;
  /** Erases all that is kept here of a person in a channel. @throws AppError permission_denied */
  eraseSubject(question: LookupQuestion, actor: string): Promise<SubjectErasure>;
  /**
   * Takes in what another party's exchange brought; durable when it resolves.
   * @throws AppError invalid_argument, line_unknown and module_unknown (again later), digest_mismatch, permission_denied
   */
  receive(from: string, parcel: JsonValue): Promise<void>;
  /** Lines that this party does not agree with, and why. */
  disputes(): readonly OwnDispute[];
  /**
   * Lets a line stand that this party disputed: its states follow it, and it signs what comes after.
   * @throws AppError not_found
   */
  accept(line: string): Promise<void>;
  /** What has not reached its receivers yet. */
  outbox(): readonly OutboxEntry[];
  /** Resolves when nothing is on its way; what waits for a receiver to come back is not. */
  idle(): Promise<void>;
  /** Lines in the order in which this host folded them, after that number; at most `limit`. */
  feed(after: number, limit: number): readonly FoldedLine[];
  /** Called for each line once its effects are durable, in their order. Returns the unsubscriber. */
  onEvent(listener: (line: FoldedLine) => void): () => void;
  close(): Promise<void>;
}

/** Opens the host: first finds out what became of lines whose outcome it does not know. @throws AppError */
export async function createContractHost(options: ContractHostOptions): Promise<ContractHost> {
  const { modules, store, vault, clock, ledger } = options;
  const listeners = new Set<(line: FoldedLine) => void>();
  const view = createLedgerView(ledger, () => unixSeconds(clock));
  const parts: HostParts = {
    ...options,
    modules: createKnownModules(modules),
    view,
    channelKeys: createChannelKeys(store, vault, (channel) => view.channelKey(channel)?.commitment),
    ruleBefore: createRuleHistory(ledger, view),
    lock: createKeyedLock(),
    unclear: new Set(),
    cosigning: new Map(),
    folded(line) {
      for (const listener of listeners) listener(line);
    },
    // Lines that one flush made durable are answered in the same turn, and looked after at once.
    wake() {
      waking ??= Promise.resolve()
        .then(() => {
          waking = undefined;
          outbox.wake();
          disputing = disputing.then(() => raiseDisputes(parts)).catch(report);
        })
        .catch(report);
    },
  };
  const report = (error: unknown): void =>
    options.logger.error('contract_dispute_failed', { cause: isAppError(error) ? error.code : 'failed' });
  const reportActor = (error: unknown): void =>
    options.logger.error('contract_common_actor_failed', {
      cause: isAppError(error) ? error.code : 'failed',
    });
  let waking: Promise<void> | undefined;
  let disputing = Promise.resolve();
  let catchingUp = Promise.resolve();
  const outbox = createOutbox(parts);
  const sharedFeed = createSharedFeed(parts);
  const auditSlots = createSlots({ each: 1, all: 4 });
  let feeding = Promise.resolve();
  const feedLater = (work: () => Promise<void>): void => {
    feeding = feeding.then(work).catch(report);
  };
  await buildIndexes(parts);
  await resumeErasing(parts);
  await settlePrepared(parts, listPrepared(store));
  await sendToNewMembers(parts, parts.view.channelsOf(parts.party.did));
  parts.wake();
  catchingUp = renewCommonActors(parts).catch(reportActor);
  feedLater(sharedFeed.catchUp);
  const unsubscribe = ledger.onBlock((block) => {
    const { operations } = block;
    feedLater(() => sharedFeed.onBlock(block));
    const governed = operations.map(({ operation }) => operation.payload).filter(changesMembers);
    if (governed.length === 0) return;
    catchingUp = catchingUp
      .then(() => sendToNewMembers(parts, parts.view.channelsOf(parts.party.did)))
      .then(() => outbox.wake())
      .catch(report)
      .then(() => renewCommonActors(parts))
      .catch(reportActor);
  });
  return {
    run: (request) => runContractCommand(parts, request),
    get: (request) => getObject(parts, request),
    history: (request) => readHistory(parts, request),
    payload: (request) => readPayload(parts, request),
    query: (request) => runQuery(parts, request),
    queryPart: (request) => runQueryPart(parts, request),
    erase: (request) => erasePayload(parts, request),
    proveItem: (request) => proveBatchItem(parts, request),
    verify: () => verifyHost(parts),
    evidence: (request) => showEvidence(parts, request),
    prove: (evidence) => proveObject(parts, evidence),
    proveKept: (name) => proveKept(parts, name),
    audit: (request) => auditSlots.run(request.reader.actor, () => auditObjects(parts, request)),
    subjectName: (channel, person) => subjectName(parts, channel, person),
    answerLookup: (question, asking) => answerLookup(parts, question, asking),
    lookup: (ask, request) => lookupPerson(parts, ask, request),
    eraseSubject: (question, actor) => eraseSubject(parts, question, actor),
    feed: (after, limit) => readFeed(store, after, limit),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    receive: (from, parcel) => receiveParcel(parts, from, parcel),
    disputes: () =>
      listDisputes(parts).map(([line, { channel, id, reasons, status }]) => ({
        ...{ line, channel, object: id, reasons, status },
      })),
    accept: (line) => acceptDisputed(parts, line),
    outbox: () => outbox.entries(),
    async idle() {
      await waking;
      await catchingUp;
      await feeding;
      await outbox.idle();
      await disputing;
    },
    async close() {
      unsubscribe();
      await waking;
      await catchingUp;
      await feeding;
      outbox.stop();
      await outbox.idle();
      await disputing;
    },
  };
}
