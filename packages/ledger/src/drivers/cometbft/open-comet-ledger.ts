import { type Bytes, type Clock, isAppError, type Logger, type Store } from '@attestel/core';
import type { AbciApplication } from '../../abci/application.ts';
import { type AbciServer, serveAbci } from '../../abci/serve-abci.ts';
import type { Head, Ledger, OperationResult } from '../../ledger.ts';
import type { Operation } from '../../operation.ts';
import { toConsistent } from '../../operations/decode-operation.ts';
import { createAttachmentCheck } from '../../snapshots/check-attachment.ts';
import { clearUnfinished } from '../../snapshots/restore.ts';
import { assertFresh } from '../../state/assert-fresh.ts';
import { type Executed, isAccepted } from '../../state/execute-block.ts';
import { lookupsOf } from '../../state/rules.ts';
import { CometApplication } from './application.ts';
import type { ExecutedBlock } from './comet-block.ts';
import { createEarlyTxs, type EarlyTxs } from './early-txs.ts';
import { createEngineRpc } from './engine/rpc-client.ts';
import { createEnvelopeCache } from './envelope-cache.ts';
import { type LiveHost, type LiveHostOptions, openLiveHost } from './live-host.ts';
import type { SnapshotMethods } from './snapshots/methods.ts';
import { type SnapshotOffer, Snapshots } from './snapshots/snapshots.ts';
import { Submitter } from './submitter.ts';
import type { ValidatorSource } from './validators.ts';

export interface OpenCometLedgerOptions extends LiveHostOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Unix socket the engine connects to, in a folder nobody else may enter. */
  readonly socketPath: string;
  /** Hands a transaction to this node's own engine; a URL for its JSON-RPC interface. */
  readonly engine: string | ((tx: Bytes) => Promise<{ readonly code: number; readonly log: string }>);
  readonly validators?: ValidatorSource;
  /**
   * Node ids of the engines that this node's engine may be connected with. What passes between engines is the whole
   * ledger, channels that are not public too. Default: none.
   */
  readonly peers?: readonly string[];
  /** Blocks the engine keeps; 0, the default, keeps all. */
  readonly retainBlocks?: number;
  /** Makes snapshots for nodes that join. Joining by one needs no setting here, only an empty store. */
  readonly snapshots?: SnapshotOffer | undefined;
  /** How long an envelope waits for more operations. Default 3. */
  readonly collectMilliseconds?: number;
  /** Default 30,000. */
  readonly finalityMilliseconds?: number;
  /** Default 2,000. */
  readonly repeatMilliseconds?: number;
}

/** A ledger whose blocks a CometBFT engine agrees on with those of other nodes. */
export interface CometLedger extends Ledger {
  /** Height of the engine's last block that is executed and durable here. */
  engineHeight(): number;
  /** Called when a connection of the engine ends, with the number that are left. */
  onEngineDisconnect(listener: (left: number) => void): void;
}

/**
 * Opens the cometbft driver: serves the engine, and submits to it. The engine is started by somebody else,
 * after this: it stops when nobody answers it. Genesis comes from the engine's genesis file.
 * @throws AppError store_mismatch, store_damaged
 */
export async function openCometLedger(options: OpenCometLedgerOptions): Promise<CometLedger> {
  const { store, socketPath, engine } = options;
  const logger = options.logger.child({ ledger: options.origin });
  await clearUnfinished(store);
  const live = await openLiveHost({ ...options, logger });
  const envelopes = createEnvelopeCache();
  const broadcast = typeof engine === 'string' ? createEngineRpc(engine).broadcast : engine;
  const submitter = new Submitter({
    verify: (operations) => live.executor.verify(operations, 'incoming'),
    admit(operation) {
      assertFresh(store, operation, live.executor.head);
      live.executor.screen(operation);
      live.executor.admit(operation);
    },
    broadcast,
    envelopes,
    logger,
    collectMilliseconds: options.collectMilliseconds ?? 3,
    finalityMilliseconds: options.finalityMilliseconds ?? 30_000,
    repeatMilliseconds: options.repeatMilliseconds ?? 2000,
  });
  const end = (): void => {
    live.stop();
    submitter.close();
  };
  let server: AbciServer;
  let parts: ReturnType<typeof createApplication>;
  try {
    parts = createApplication({
      options,
      logger,
      live,
      envelopes,
      submitter,
      early: createEarlyTxs(broadcast),
    });
    server = await serveAbci({ application: parts.application, path: socketPath, logger });
  } catch (error) {
    end();
    throw error;
  }
  return {
    ...live.ledger,
    get proofs() {
      return live.ledger.proofs;
    },
    run: options.batchVerifier?.run,
    submit: (operations) => Promise.all(operations.map((operation) => submit(submitter, operation))),
    engineHeight: parts.engineHeight,
    onEngineDisconnect: (listener) => server.onDisconnect(listener),
    async close() {
      end();
      await server.close();
      await parts.snapshots.close();
    },
  };
}

interface Parts {
  readonly options: OpenCometLedgerOptions;
  readonly logger: Logger;
  readonly live: LiveHost;
  readonly envelopes: ReturnType<typeof createEnvelopeCache>;
  readonly submitter: Submitter;
  readonly early: EarlyTxs;
}

function createApplication({ options, logger, live, envelopes, submitter, early }: Parts) {
  const { store, network, origin, validators, peers = [], retainBlocks = 0 } = options;
  const snapshots = new Snapshots({
    store,
    network,
    origin,
    logger,
    offer: options.snapshots,
    nodeKey: options.witness?.signer.publicKey,
    checkAttachment: createAttachmentCheck(options.modules),
    lookups: lookupsOf(options.modules),
    async onRestored() {
      await live.reopen();
      blocks.reload();
    },
  });
  const blocks = new CometApplication({
    get executor() {
      return live.executor;
    },
    store,
    network,
    origin,
    envelopes,
    logger,
    validators,
    peers,
    retainBlocks,
    onRefused(tx, operations) {
      // Of its own, somebody waits here for an answer, and gets one now.
      if (!operations.some((operation) => submitter.awaits(operation))) early.keep(tx);
    },
    onCommit(executed, head) {
      void early.onBlock();
      snapshots.onCommit(executed.block.height);
      deliver(live, submitter, executed, head);
    },
  });
  return { application: join(blocks, snapshots.methods), engineHeight: () => blocks.height, snapshots };
}

/** Methods of a class are not its own properties: a spread would lose them. */
const join = (blocks: CometApplication, snapshots: SnapshotMethods): AbciApplication =>
  Object.assign(blocks, snapshots);

function deliver(live: LiveHost, submitter: Submitter, { candidate }: ExecutedBlock, head: Head): void {
  const { outcomes, height, changed } = candidate;
  if (changed) live.host.deliver({ head, operations: outcomes.filter(isAccepted) });
  // Accepted ones first: an operation that came twice was taken, whatever its second copy was told.
  for (const outcome of [...outcomes.filter(isAccepted), ...outcomes]) {
    submitter.settle(outcome.operation, resultOf(outcome, height));
  }
}

function resultOf(outcome: Executed, height: number): OperationResult {
  const { id } = outcome.operation;
  if (!isAccepted(outcome)) return { ok: false, id, error: outcome.error };
  return { ok: true, id, index: outcome.index, height, events: outcome.events };
}

/** Even an operation whose bytes are malformed gets an answer of its own. */
async function submit(submitter: Submitter, operation: Operation): Promise<OperationResult> {
  try {
    return await submitter.submit(toConsistent(operation));
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { ok: false, id: operation.id, error };
  }
}
