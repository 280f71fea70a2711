import { setTimeout } from 'node:timers/promises';
import { isAppError, type Logger } from '@attestel/core';
import { ProofError, parseNote } from '@attestel/proof';
import type { LogMirror } from '../../follow/log-mirror.ts';
import type { Ledger } from '../../ledger.ts';

export interface CollectorOptions {
  readonly ledger: Pick<Ledger, 'head' | 'cosign' | 'onBlock'>;
  /** Nodes that follow this ledger and cosign it. */
  readonly peers: readonly Pick<LogMirror, 'url' | 'checkpoint'>[];
  /** Between looks while every peer stands by the head. */
  readonly pollMilliseconds: number;
  readonly logger: Logger;
}

export interface Collector {
  /** Asks every peer once; true when each of them stands by the head. */
  collect(): Promise<boolean>;
  /** Resolves when no look is under way and none will come. */
  stop(): Promise<void>;
}

const FIRST_PAUSE_MILLISECONDS = 20;

/**
 * Fetches what peers cosigned and merges it into this ledger's checkpoints. Directly after a block it asks often, then
 * less and less: a peer that is away costs a request now and then and delays receipts, nothing else.
 */
export function createCollector(options: CollectorOptions): Omit<Collector, 'stop'> {
  const { ledger, peers, logger } = options;
  const ask = async (peer: CollectorOptions['peers'][number]): Promise<boolean> => {
    try {
      const note = await peer.checkpoint();
      ledger.cosign(note);
      return parseNote(note).text === ledger.head().body;
    } catch (error) {
      if (!isAppError(error) && !(error instanceof ProofError)) throw error;
      logger.debug('cosignatures_not_taken', { from: peer.url, code: error.code });
      return false;
    }
  };
  return {
    async collect() {
      const all = await Promise.all(peers.map(ask));
      return all.every((stands) => stands);
    },
  };
}

/** One loop for each peer: none waits for another. */
export function startCollector(options: CollectorOptions): Collector {
  const loops = options.peers.map((peer) => startAsking({ ...options, peers: [peer] }));
  return {
    collect: createCollector(options).collect,
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

function startAsking(options: CollectorOptions): { stop(): Promise<void> } {
  const { ledger, logger, pollMilliseconds } = options;
  const { collect } = createCollector(options);
  const stopping = new AbortController();
  let block = new AbortController();
  let pause = FIRST_PAUSE_MILLISECONDS;
  const leave = ledger.onBlock(() => {
    pause = FIRST_PAUSE_MILLISECONDS;
    block.abort();
  });
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      block = new AbortController();
      const complete = await collect().catch((error: unknown) => {
        logger.error('collect_failed', { cause: error instanceof Error ? error.message : 'no error given' });
        return false;
      });
      pause = complete ? pollMilliseconds : Math.min(pause * 2, pollMilliseconds);
      const signal = AbortSignal.any([block.signal, stopping.signal]);
      await setTimeout(pause, undefined, { signal }).catch(() => {});
    }
  };
  const done = loop();
  return {
    async stop() {
      leave();
      stopping.abort();
      await done;
    },
  };
}
