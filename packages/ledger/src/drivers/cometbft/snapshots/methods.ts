import type { AbciApplication } from '../../../abci/application.ts';

/** The part of an application that snapshots are. */
export type SnapshotMethods = Pick<
  AbciApplication,
  'listSnapshots' | 'offerSnapshot' | 'loadSnapshotChunk' | 'applySnapshotChunk'
>;
