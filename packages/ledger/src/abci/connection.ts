import type { Socket } from 'node:net';
import type { Bytes, Logger } from '@attestel/core';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { answerRequest, exceptionOf } from './answer-request.ts';
import type { AbciApplication } from './application.ts';
import { createFrameReader, framePrefix } from './frames.ts';
import {
  type Request,
  RequestSchema,
  type Response,
  ResponseSchema,
} from './generated/tendermint/abci/types_pb.ts';
import { AbciProtocolError } from './protocol-error.ts';

/** Requests read ahead of the one that is answered; the socket is not read while there are more. */
const MAX_AHEAD = 1024;

export interface ConnectionOptions {
  readonly socket: Socket;
  readonly application: AbciApplication;
  readonly logger: Logger;
  readonly maxFrameBytes: number;
}

/** Answers the requests of one connection in their order. Resolves when the connection is over. */
export async function serveConnection(options: ConnectionOptions): Promise<void> {
  const { socket, application, logger } = options;
  const frames = createFrameReader(options.maxFrameBytes);
  const waiting: Bytes[] = [];
  let answering = false;
  let over = false;

  const fail = (error: unknown): void => {
    if (over) return;
    over = true;
    const text = error instanceof Error ? error.message : 'failed';
    logger.error('abci_connection_failed', { cause: text });
    // What the application said is for our log; the engine is told only that it must stop.
    const told = error instanceof AbciProtocolError ? text : 'the application failed; see its log';
    writeResponse(socket, exceptionOf(told));
    socket.end();
  };
  const answerAll = async (): Promise<void> => {
    if (answering) return;
    answering = true;
    try {
      for (let frame = waiting.shift(); frame && !over; frame = waiting.shift()) {
        const response = await answerRequest(application, parseRequest(frame));
        if (!over) writeResponse(socket, response);
        if (waiting.length < MAX_AHEAD && socket.isPaused()) socket.resume();
      }
    } catch (error) {
      fail(error);
    }
    answering = false;
  };

  socket.on('data', (chunk: Buffer) => {
    if (over) return;
    try {
      waiting.push(...frames.push(chunk));
    } catch (error) {
      fail(error);
      return;
    }
    if (waiting.length >= MAX_AHEAD) socket.pause();
    void answerAll();
  });
  await closed(socket, logger);
  over = true;
}

const closed = (socket: Socket, logger: Logger): Promise<void> =>
  new Promise((resolve) => {
    // `close` follows in any case; an engine that was killed is no fault of ours.
    socket.on('error', (error) => logger.warn('abci_socket_error', { cause: error.message }));
    socket.on('close', () => resolve());
  });

function parseRequest(frame: Bytes): Request {
  try {
    return fromBinary(RequestSchema, frame);
  } catch {
    throw new AbciProtocolError('message is not a request');
  }
}

/** One write per answer: prefix and message travel together. */
function writeResponse(socket: Socket, response: Response): void {
  if (!socket.writable) return;
  const bytes = toBinary(ResponseSchema, response);
  socket.cork();
  socket.write(framePrefix(bytes.length));
  socket.write(bytes);
  process.nextTick(() => socket.uncork());
}
