import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { AbciApplication } from './application.ts';
import { type Request, type Response, ResponseSchema } from './generated/tendermint/abci/types_pb.ts';
import { AbciProtocolError } from './protocol-error.ts';

type ResponseValue = NonNullable<MessageInitShape<typeof ResponseSchema>['value']>;

/** @throws AbciProtocolError for a kind of request nobody serves; whatever the application throws */
export async function answerRequest(application: AbciApplication, { value }: Request): Promise<Response> {
  return create(ResponseSchema, { value: await answerValue(application, value) });
}

export const exceptionOf = (error: string): Response =>
  create(ResponseSchema, { value: { case: 'exception', value: { error } } });

async function answerValue(app: AbciApplication, request: Request['value']): Promise<ResponseValue> {
  switch (request.case) {
    case 'echo':
      return { case: 'echo', value: { message: request.value.message } };
    case 'flush':
      return { case: 'flush', value: {} };
    case 'info':
      return { case: 'info', value: await app.info(request.value) };
    case 'query':
      return { case: 'query', value: await app.query(request.value) };
    case 'checkTx':
      return { case: 'checkTx', value: await app.checkTx(request.value) };
    case 'initChain':
      return { case: 'initChain', value: await app.initChain(request.value) };
    case 'prepareProposal':
      return { case: 'prepareProposal', value: await app.prepareProposal(request.value) };
    case 'processProposal':
      return { case: 'processProposal', value: await app.processProposal(request.value) };
    case 'finalizeBlock':
      return { case: 'finalizeBlock', value: await app.finalizeBlock(request.value) };
    case 'commit':
      return { case: 'commit', value: await app.commit(request.value) };
    case 'listSnapshots':
      return { case: 'listSnapshots', value: await app.listSnapshots(request.value) };
    case 'offerSnapshot':
      return { case: 'offerSnapshot', value: await app.offerSnapshot(request.value) };
    case 'loadSnapshotChunk':
      return { case: 'loadSnapshotChunk', value: await app.loadSnapshotChunk(request.value) };
    case 'applySnapshotChunk':
      return { case: 'applySnapshotChunk', value: await app.applySnapshotChunk(request.value) };
    default:
      throw new AbciProtocolError(`request ${request.case ?? 'of unknown kind'} is not served`);
  }
}
