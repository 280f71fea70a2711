import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Clock, Logger, Store } from '@attestel/core';
import {
  type BatchVerifier,
  type CometLedger,
  createLogMirror,
  createWorkerVerifier,
  type EngineConfig,
  ensureEngineKeys,
  openCometLedger,
  type SnapshotOffer,
  startCollector,
  superviseEngine,
  type WitnessKey,
  writeEngineConfig,
  writeEngineGenesis,
} from '@attestel/ledger';
import type { Policy } from '@attestel/proof';
import { registryValidators } from '@attestel/registry';
import { intervalTimer } from './interval-timer.ts';
import type { LedgerMeter } from './ledger-meter.ts';
import { LEDGER_RULES } from './ledger-rules.ts';

/** Longest address of a Unix socket on every system we run on. */
const MAX_ADDRESS_BYTES = 103;
const LOOK_AGAIN_MS = 50;

/** Another validator. */
export interface ValidatorPeer {
  readonly nodeId: string;
  /** `host:port` of its engine's p2p listener. */
  readonly address: string;
  /** Origin of its node, where its cosignatures are. */
  readonly url: string;
}

export interface ValidatorOptions
  extends Pick<EngineConfig, 'moniker' | 'p2pAddress' | 'rpcAddress' | 'stateSync' | 'commitMilliseconds'> {
  /** Path of the CometBFT binary. */
  readonly binary: string;
  /** Home of the engine: its keys, its blocks, its log. */
  readonly home: string;
  /** Text of `genesis.json`, the same for every node of the network. */
  readonly genesis: string;
  readonly peers: readonly ValidatorPeer[];
  readonly network: string;
  readonly policy: Policy;
  readonly witness: WitnessKey;
  /** Of the ledger alone; owned by the caller. */
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly fetch: typeof fetch;
  readonly meter?: LedgerMeter | undefined;
  readonly heartbeatSeconds: number;
  /** Between looks at peers' cosignatures while nothing happens. */
  readonly pollSeconds: number;
  readonly snapshots?: SnapshotOffer | undefined;
}

export interface ValidatorLedger extends CometLedger {
  /** Resolves when the engine's chain has reached this height here. @throws the signal's reason */
  reachedHeight(height: number, signal: AbortSignal): Promise<void>;
  /** Resolves when there is a block of the ledger: its genesis, or what was imported. @throws the signal's reason */
  begun(signal: AbortSignal): Promise<void>;
  /** Asks every peer once for its cosignatures. */
  collect(): Promise<boolean>;
}

/**
 * One validator: the application first, then its engine, which ends when nobody answers it; and whoever fetches the
 * other validators' cosignatures. They end in the opposite order.
 * @throws AppError engine_home_invalid; what openCometLedger throws
 */
export async function openValidator(options: ValidatorOptions): Promise<ValidatorLedger> {
  const { home, binary, logger } = options;
  await ensureEngineKeys(home);
  await writeEngineGenesis(home, options.genesis);
  const socket = await socketFor(home);
  await writeEngineConfig(home, { ...options, socketPath: socket.path });
  // One: it keeps up with what engines agree on, and validators of a demo share a machine.
  const batchVerifier = createWorkerVerifier({ workers: 1, logger });
  const end = async (): Promise<void> => {
    await batchVerifier.close();
    await socket.remove();
  };
  const ledger = await openApplication(options, socket.path, batchVerifier).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  const engine = superviseEngine({ binary, home, logger });
  ledger.onEngineDisconnect((left) => {
    if (left === 0) engine.onDisconnected();
  });
  const peers = options.peers.map(({ url }) => createLogMirror({ url, fetch: options.fetch }));
  const collector = startCollector({ ledger, peers, logger, pollMilliseconds: options.pollSeconds * 1000 });
  return {
    ...ledger,
    collect: collector.collect,
    reachedHeight: (height, signal) => until(() => ledger.engineHeight() >= height, signal),
    begun: (signal) => until(() => ledger.head().height > 0, signal),
    async close() {
      await collector.stop();
      await engine.stop();
      await ledger.close();
      await end();
    },
  };
}

const openApplication = (
  options: ValidatorOptions,
  socketPath: string,
  batchVerifier: BatchVerifier,
): Promise<CometLedger> =>
  openCometLedger({
    ...LEDGER_RULES,
    validators: registryValidators,
    network: options.network,
    origin: options.policy.origin,
    policy: options.policy,
    witness: options.witness,
    store: options.store,
    clock: options.clock,
    logger: options.logger,
    meter: options.meter,
    batchVerifier,
    socketPath,
    engine: `http://${options.rpcAddress}`,
    peers: options.peers.map(({ nodeId }) => nodeId),
    heartbeat: { seconds: options.heartbeatSeconds, timer: intervalTimer },
    snapshots: options.snapshots,
  });

async function until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
  while (!isSo()) await setTimeout(LOOK_AGAIN_MS, undefined, { signal });
}

/** In the engine's home; where that path is too long for a socket, in a folder that nobody else may enter. */
async function socketFor(home: string): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = join(home, 'app.sock');
  if (Buffer.byteLength(path) <= MAX_ADDRESS_BYTES) return { path, remove: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'attestel-'));
  return { path: join(folder, 'app.sock'), remove: () => rm(folder, { recursive: true, force: true }) };
}
