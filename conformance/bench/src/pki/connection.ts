import { createConnection } from 'node:net';

/** A connection that asks one thing at a time. */
export interface Connection {
  readonly isOpen: boolean;
  /** Body of the answer. @throws Error unless it is 200, and where the connection ends */
  ask(request: Buffer): Promise<Buffer>;
  close(): void;
}

interface Asked {
  readonly resolve: (body: Buffer) => void;
  readonly reject: (error: Error) => void;
}

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * HTTP/1.1 as far as these benchmarks need it, by hand: Node's own client takes three times as much of the processors that
 * it shares with whoever is measured.
 */
export function openConnection(host: string, port: number): Connection {
  const socket = createConnection({ host, port, noDelay: true });
  let asked: Asked | undefined;
  let received = NOTHING;
  let isOpen = true;
  const end = (error: Error): void => {
    isOpen = false;
    asked?.reject(error);
    asked = undefined;
    socket.destroy();
  };
  socket.on('data', (part: Buffer) => {
    received = received.length > 0 ? Buffer.concat([received, part]) : part;
    const answer = readAnswer(received);
    if (answer === undefined) return;
    received = NOTHING;
    if (answer instanceof Error || !asked)
      return end(answer instanceof Error ? answer : new Error('bench: not asked'));
    const { resolve } = asked;
    asked = undefined;
    resolve(answer);
  });
  socket.on('error', end);
  socket.on('close', () => end(new Error('bench: the connection ended')));
  return {
    get isOpen() {
      return isOpen;
    },
    ask: (request) =>
      new Promise((resolve, reject) => {
        asked = { resolve, reject };
        socket.write(request);
      }),
    close: () => void socket.destroy(),
  };
}

const HEAD_END = '\r\n\r\n';

/** Undefined while it is not whole yet. Whoever is asked says how long its answers are, and sends nothing unasked. */
function readAnswer(bytes: Buffer): Buffer | Error | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const head = bytes.toString('latin1', 0, end);
  const [, digits] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? [];
  if (digits === undefined) return new Error('bench: an answer without a length');
  const body = bytes.subarray(end + HEAD_END.length);
  if (body.length < Number(digits)) return undefined;
  if (body.length > Number(digits)) return new Error('bench: more than was asked for');
  return /^HTTP\/1\.1 200 /.test(head)
    ? body
    : new Error(`bench: ${head.slice(0, 12)} ${body.subarray(0, 200)}`);
}
