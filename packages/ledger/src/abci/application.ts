import type { MessageInitShape } from '@bufbuild/protobuf';
import type * as abci from './generated/tendermint/abci/types_pb.ts';

type Answer<Schema extends Parameters<typeof import('@bufbuild/protobuf').create>[0]> = Promise<
  MessageInitShape<Schema>
>;

/**
 * What an application answers to the engine (ABCI 2.0). One method per kind of request; `echo` and `flush`
 * are the server's. Requests of one connection come one after another, those of different ones may overlap.
 * A method that throws ends the connection, and with it the engine: it is for failures that must stop both.
 *
 * Left out, because a node of ours never turns on what would ask for them: vote extensions (decision 0014)
 * and the application's own mempool (`InsertTx`, `ReapTxs`).
 */
export interface AbciApplication {
  info(request: abci.RequestInfo): Answer<typeof abci.ResponseInfoSchema>;
  query(request: abci.RequestQuery): Answer<typeof abci.ResponseQuerySchema>;
  checkTx(request: abci.RequestCheckTx): Answer<typeof abci.ResponseCheckTxSchema>;
  initChain(request: abci.RequestInitChain): Answer<typeof abci.ResponseInitChainSchema>;
  prepareProposal(request: abci.RequestPrepareProposal): Answer<typeof abci.ResponsePrepareProposalSchema>;
  processProposal(request: abci.RequestProcessProposal): Answer<typeof abci.ResponseProcessProposalSchema>;
  finalizeBlock(request: abci.RequestFinalizeBlock): Answer<typeof abci.ResponseFinalizeBlockSchema>;
  commit(request: abci.RequestCommit): Answer<typeof abci.ResponseCommitSchema>;
  listSnapshots(request: abci.RequestListSnapshots): Answer<typeof abci.ResponseListSnapshotsSchema>;
  offerSnapshot(request: abci.RequestOfferSnapshot): Answer<typeof abci.ResponseOfferSnapshotSchema>;
  loadSnapshotChunk(
    request: abci.RequestLoadSnapshotChunk,
  ): Answer<typeof abci.ResponseLoadSnapshotChunkSchema>;
  applySnapshotChunk(
    request: abci.RequestApplySnapshotChunk,
  ): Answer<typeof abci.ResponseApplySnapshotChunkSchema>;
}
