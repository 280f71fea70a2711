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
import { writeCometRecord } from '../../../log/comet-record.ts';
import { headKey } from '../../../log/head-record.ts';
import { sha256 } from '../../../sha256.ts';
import {
  decodeChunkHashes,
  MAX_CHUNK_BYTES,
  SNAPSHOT_FORMAT,
  snapshotHash,
} from '../../../snapshots/format.ts';
import { clearUnfinished, Restore, type RestoreOptions } from '../../../snapshots/restore.ts';
import { SnapshotFolder, type StoredSnapshot } from '../../../snapshots/snapshot-folder.ts';
import { snapshotChunks } from '../../../snapshots/take-snapshot.ts';
import { TABLES } from '../../../tables.ts';
import type { SnapshotMethods } from './methods.ts';
import { type SnapshotAside, takeSnapshotAside } from './take-snapshot-aside.ts';

export interface SnapshotOffer {
  /** Where they are kept. */
  readonly folder: string;
  readonly everyBlocks: number;
  /**
   * Folder of the LMDB store: snapshots are then made by a process of its own, while blocks go on. Without it, as for a
   * store in memory, within the turn of the commit.
   */
  readonly storePath?: string | undefined;
}

export interface SnapshotsOptions
  extends Pick<RestoreOptions, 'network' | 'origin' | 'checkAttachment' | 'lookups'> {
  readonly store: Store;
  readonly logger: Logger;
  /** Without it, none are made for others. Joining by one needs no folder. */
  readonly offer?: SnapshotOffer | undefined;
  /** This node's own key: it decides at which of so many blocks it makes its snapshots. */
  readonly nodeKey?: Bytes | undefined;
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
  readonly #turn: number;
  #joining: Joining | undefined;
  #aside: SnapshotAside | undefined;
  #closed = false;

  constructor(options: SnapshotsOptions) {
    this.#options = options;
    this.#folder = options.offer && new SnapshotFolder(options.offer.folder);
    this.#turn = turnOf(options.nodeKey, options.offer?.everyBlocks ?? 1);
  }

  /** One that is being made is given up. Resolves when nobody reads the store for it any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#aside?.cancel();
    await this.#aside?.done.catch(() => {});
  }

  /** To be called directly after the commit of a height, before anything else is committed. */
  onCommit(height: number): void {
    const { offer, store } = this.#options;
    const folder = this.#folder;
    if (!offer || !folder || height % offer.everyBlocks !== this.#turn || folder.has(height)) return;
    if (offer.storePath !== undefined) {
      void this.#makeAside(offer.storePath, offer.folder, folder);
      return;
    }
    try {
      this.#log(folder.add(height, snapshotChunks(store)));
    } catch (error) {
      this.#logFailure(error);
    }
  }

  async #makeAside(storePath: string, path: string, folder: SnapshotFolder): Promise<void> {
    if (this.#aside || this.#closed) return; // The one before is not done: this machine is too slow for so many.
    try {
      this.#aside = takeSnapshotAside(storePath, path);
      this.#log(folder.adopt(await this.#aside.done));
    } catch (error) {
      folder.removeUnfinished();
      if (!this.#closed) this.#logFailure(error);
    }
    this.#aside = undefined;
  }

  #log({ height, chunks }: StoredSnapshot): void {
    this.#options.logger.info('snapshot_made', { height, chunks });
  }

  /** A full disk must not stop the ledger for the sake of those who may want to join. */
  #logFailure(error: unknown): void {
    this.#options.logger.error('snapshot_failed', { cause: error instanceof Error ? error.message : '' });
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
    const { store, network, origin, checkAttachment, lookups, logger } = this.#options;
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
    const restore = new Restore({ store, network, origin, appHash, extra, checkAttachment, lookups });
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
      // Now, not with the next offer: there may be none, and the engine may begin at its genesis instead.
      await clearUnfinished(this.#options.store);
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

/** Members make theirs at different blocks, so that they are not busy with it all at once. */
function turnOf(nodeKey: Bytes | undefined, everyBlocks: number): number {
  if (!nodeKey) return 0;
  const [a = 0, b = 0, c = 0] = sha256(nodeKey);
  return (a * 65_536 + b * 256 + c) % everyBlocks;
}
