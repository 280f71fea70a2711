import { closeSync, openSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, relative } from 'node:path';

/** Bytes of a Unix socket's address, with the final NUL, on every system we run on (104 to 108). */
const MAX_ADDRESS_BYTES = 103;

/**
 * Runs work on a socket's address. Addresses are much shorter than paths may be: a long one is given from
 * the working directory or, on Linux, through an open folder.
 */
export async function inFolder<T>(
  folder: string,
  name: string,
  work: (address: string) => Promise<T>,
): Promise<T> {
  const path = join(folder, name);
  const address = [path, relative('', path)].find((text) => Buffer.byteLength(text) <= MAX_ADDRESS_BYTES);
  if (address !== undefined) return work(address);
  const handle = openSync(folder, 'r');
  try {
    return await work(`/proc/self/fd/${handle}/${name}`);
  } finally {
    closeSync(handle);
  }
}

export interface Listening {
  close(): void;
}

/** Listens and says nothing. Does not keep the process alive. */
export function listen(address: string): Promise<Listening> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Exclusive: in a cluster the primary process would listen in the worker's stead.
    server.listen({ path: address, exclusive: true }, () => {
      server.unref();
      resolve({ close: () => void server.close() });
    });
  });
}

/**
 * Whether a process listens there. Only what the kernel says for certain counts as nobody; a holder that is
 * busy, stopped or another user's is one.
 */
export function isListening(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path: address });
    const answer = (listening: boolean): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      answer(code !== 'ECONNREFUSED' && code !== 'ENOENT' && code !== 'ENOTSOCK');
    });
  });
}
