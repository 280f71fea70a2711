import type { AbciApplication } from '../../../abci/application.ts';
import {
  ResponseApplySnapshotChunk_Result as Applied,
  ResponseOfferSnapshot_Result as Offered,
} from '../../../abci/generated/tendermint/abci/types_pb.ts';

export type SnapshotMethods = Pick<
  AbciApplication,
  'listSnapshots' | 'offerSnapshot' | 'loadSnapshotChunk' | 'applySnapshotChunk'
>;

/** Of a node that neither offers nor takes snapshots. */
export const NO_SNAPSHOTS: SnapshotMethods = {
  listSnapshots: async () => ({}),
  offerSnapshot: async () => ({ result: Offered.REJECT_FORMAT }),
  loadSnapshotChunk: async () => ({}),
  applySnapshotChunk: async () => ({ result: Applied.ABORT }),
};
