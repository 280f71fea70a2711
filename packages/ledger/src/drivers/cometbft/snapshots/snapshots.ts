import {
  type Bytes,
  equalBytes,
  isAppError,
  type Logger,
  type Store,
  type StoreWriter,
} from '@attestel/core';
import {
  ResponseApplySnapshotChunk_Result as Applied,
  ResponseOfferSnapshot_Result as Offered,
  type RequestApplySnapshotChunk,
  type RequestLoadSnapshotChunk,
  type RequestOfferSnapshot,
} from '../../../abci/generated/tendermint/abci/types_pb.ts';
import { headKey } from '../../../log/head-record.ts';
import { sha256 } from '../../../sha256.ts';
import {
  decodeChunkHashes,
  MAX_CHUNK_BYTES,
  SNAPSHOT_FORMAT,
  snapshotHash,
} from '../../../snapshots/format.ts';
import { clearUnfinished, Restore, type RestoreOptions } from '../../../snapshots/restore.ts';
import { SnapshotFolder } from '../../../snapshots/snapshot-folder.ts';
import { snapshotChunks } from '../../../snapshots/take-snapshot.ts';
import { TABLES } from '../../../tables.ts';
import { writeCometRecord } from '../comet-record.ts';
import type { SnapshotMethods } from './methods.ts';

export interface SnapshotsOptions extends Pick<RestoreOptions, 'network' | 'origin' | 'checkAttachment'> {
  readonly store: Store;
  readonly logger: Logger;
  /** Where to keep snapshots for others; without, none are made. Joining by one needs no folder. */
  readonly offer?: { readonly folder: string; readonly everyBlocks: number } | undefined;
  /** The store holds a ledger now. */
  readonly onRestored: () => Promise<void>;
}

interface Joining {
  readonly restore: Restore;
  readonly hashes: readonly Bytes[];
  next: number;
}

/** Snapshots of a node: made for others after commits, taken from others by an empty node. */
export class Snapshots {
  readonly #options: SnapshotsOptions;
  readonly #folder: SnapshotFolder | undefined;
  #joining: Joining | undefined;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
    this.#folder = options.offer && new SnapshotFolder(options.offer.folder);
  }

  /** To be called directly after the commit of a height, before anything else is committed. */
  onCommit(height: number): void {
    const { offer, store, logger } = this.#options;
    if (!offer || !this.#folder || height % offer.everyBlocks !== 0 || this.#folder.has(height)) return;
    try {
      const { chunks } = this.#folder.add(height, snapshotChunks(store));
      logger.info('snapshot_made', { height, chunks });
    } catch (error) {
      // A full disk must not stop the ledger for the sake of those who may want to join.
      logger.error('snapshot_failed', { height, cause: error instanceof Error ? error.message : '' });
    }
  }

  readonly methods: SnapshotMethods = {
    listSnapshots: async () => ({
      snapshots: (this.#folder?.list() ?? []).map(({ height, chunks, metadata }) => ({
        height: BigInt(height),
        format: SNAPSHOT_FORMAT,
        chunks,
        hash: snapshotHash(metadata),
        metadata,
      })),
    }),
    loadSnapshotChunk: async ({ height, format, chunk }: RequestLoadSnapshotChunk) => {
      if (format !== SNAPSHOT_FORMAT) return {};
      const bytes = await this.#folder?.chunk(Number(height), chunk);
      return bytes ? { chunk: bytes } : {};
    },
    offerSnapshot: async (request) => ({ result: await this.#offered(request) }),
    applySnapshotChunk: (request) => this.#applied(request),
  };

  async #offered({ snapshot, appHash }: RequestOfferSnapshot): Promise<Offered> {
    const { store, network, origin, checkAttachment, logger } = this.#options;
    if (!snapshot) return Offered.REJECT;
    if (snapshot.format !== SNAPSHOT_FORMAT) return Offered.REJECT_FORMAT;
    // A node that has a ledger goes on from it; nobody replaces it under its hands.
    if (store.get(TABLES.meta, headKey)) return Offered.ABORT;
    let hashes: readonly Bytes[];
    try {
      hashes = decodeChunkHashes(snapshot.metadata, snapshot.chunks);
    } catch {
      return Offered.REJECT;
    }
    if (!equalBytes(snapshotHash(snapshot.metadata), snapshot.hash)) return Offered.REJECT;
    await clearUnfinished(store);
    const height = Number(snapshot.height);
    const extra = (writer: StoreWriter): void => writeCometRecord(writer, { height, appHash });
    const restore = new Restore({ store, network, origin, appHash, extra, checkAttachment });
    this.#joining = { restore, hashes, next: 0 };
    logger.info('snapshot_accepted', { height, chunks: snapshot.chunks });
    return Offered.ACCEPT;
  }

  async #applied({ index, chunk, sender }: RequestApplySnapshotChunk) {
    const joining = this.#joining;
    if (!joining || index !== joining.next) return { result: Applied.ABORT };
    const expected = joining.hashes[index];
    if (!expected || chunk.length > MAX_CHUNK_BYTES || !equalBytes(sha256(chunk), expected)) {
      return { result: Applied.RETRY, refetchChunks: [index], rejectSenders: sender === '' ? [] : [sender] };
    }
    try {
      await joining.restore.apply(chunk);
      joining.next += 1;
      if (joining.next === joining.hashes.length) await this.#finish(joining);
      return { result: Applied.ACCEPT };
    } catch (error) {
      if (!isAppError(error)) throw error;
      this.#options.logger.warn('snapshot_rejected', { code: error.code, field: error.field });
      this.#joining = undefined;
      return { result: Applied.REJECT_SNAPSHOT };
    }
  }

  async #finish({ restore }: Joining): Promise<void> {
    await restore.finish();
    this.#joining = undefined;
    await this.#options.onRestored();
    this.#options.logger.info('snapshot_restored');
  }
}
