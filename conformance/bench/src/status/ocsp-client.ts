import { connect } from 'node:net';

const CONCURRENT = 8;

export interface AskOptions {
  readonly port: number;
  readonly path: string;
  /** DER; asked in turn. */
  readonly requests: readonly Uint8Array[];
  /** Whether more than one is asked over a connection. */
  readonly keepsConnections: boolean;
  readonly seconds: number;
}

/**
 * Eight clients that post OCSP requests until time is up, and as little more than that as can be, so that they never hold up who
 * answers. Each waits for its answer, and where it keeps no connection for the end of that.
 * @returns how many were answered: 200, successful, good
 * @throws Error on any other answer
 */
export async function askForStatus(options: AskOptions): Promise<number> {
  const deadline = performance.now() + options.seconds * 1000;
  const messages = options.requests.map((request) => messageOf(request, options));
  const count = { asked: 0, answered: 0 };
  const next = (): Buffer | undefined =>
    performance.now() < deadline ? messages[count.asked++ % messages.length] : undefined;
  const client = async (): Promise<void> => {
    for (let one = next(); one; one = next()) await ask(one, options, { next, count });
  };
  await Promise.all(Array.from({ length: CONCURRENT }, client));
  return count.answered;
}

function messageOf(request: Uint8Array, { path, keepsConnections }: AskOptions): Buffer {
  const head =
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/ocsp-request\r\n` +
    `Content-Length: ${request.length}\r\n${keepsConnections ? '' : 'Connection: close\r\n'}\r\n`;
  return Buffer.concat([Buffer.from(head), request]);
}

interface Turn {
  readonly next: () => Buffer | undefined;
  readonly count: { answered: number };
}

/** One connection, to its end. */
function ask(first: Buffer, { port, keepsConnections }: AskOptions, { next, count }: Turn): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let [taken, isAnswered]: [Buffer, boolean] = [Buffer.alloc(0), false];
    const goOn = (): void => {
      count.answered += 1;
      isAnswered = true;
      taken = Buffer.alloc(0);
      const another = keepsConnections ? next() : undefined;
      if (another) socket.write(another);
      else if (keepsConnections) socket.destroy();
    };
    socket.on('data', (chunk: Buffer) => {
      taken = taken.length === 0 ? chunk : Buffer.concat([taken, chunk]);
      if (!isWhole(taken)) return;
      if (isGood(taken)) goOn();
      else socket.destroy(new Error('bench: not a good answer to an OCSP request'));
    });
    socket.on('error', reject);
    socket.on('close', () =>
      isAnswered && taken.length === 0 ? resolve() : reject(new Error('bench: OCSP: no whole answer')),
    );
    socket.write(first);
  });
}

const END = Buffer.from('\r\n\r\n');

function isWhole(answer: Buffer): boolean {
  const end = answer.indexOf(END);
  if (end < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.toString('latin1', 0, end))?.[1];
  return length !== undefined && answer.length >= end + END.length + Number(length);
}

/** OCSPResponseStatus successful, where it stands in all answers of that length, and CertStatus good before thisUpdate (RFC 6960 §4.2.1). */
const SUCCESSFUL = Buffer.of(0x0a, 0x01, 0x00);
const GOOD = Buffer.of(0x80, 0x00, 0x18);

function isGood(answer: Buffer): boolean {
  const content = answer.subarray(answer.indexOf(END) + END.length);
  return (
    answer.toString('latin1', 8, 13) === ' 200 ' &&
    content.indexOf(SUCCESSFUL) === 4 &&
    content.includes(GOOD)
  );
}
