import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { concatBytes, silentLogger } from '@attestel/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AbciApplication } from '../../src/abci/application.ts';
import { type AbciServer, serveAbci } from '../../src/abci/serve-abci.ts';
import { connectAbci, requestBytes } from '../fixtures/abci-client.ts';

let folder: string;
let server: AbciServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'abci-'));
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

const unasked = async (): Promise<never> => {
  throw new Error('not part of this test: 4711');
};
const application = (methods: Partial<AbciApplication>): AbciApplication => ({
  info: unasked,
  query: unasked,
  checkTx: unasked,
  initChain: unasked,
  prepareProposal: unasked,
  processProposal: unasked,
  finalizeBlock: unasked,
  commit: unasked,
  listSnapshots: unasked,
  offerSnapshot: unasked,
  loadSnapshotChunk: unasked,
  applySnapshotChunk: unasked,
  ...methods,
});

/** A socket file that nobody listens on: its server closed after the file had got another name. */
async function leaveDeadSocket(path: string): Promise<void> {
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(`${path}.first`, resolve));
  await rename(`${path}.first`, path);
  await new Promise((resolve) => dead.close(resolve));
}

async function serve(methods: Partial<AbciApplication>, maxFrameBytes = 1_000_000) {
  const path = join(folder, 'app.sock');
  server = await serveAbci({ application: application(methods), path, logger: silentLogger, maxFrameBytes });
  return connectAbci(path);
}

describe('the ABCI server', () => {
  it('answers echo and flush itself', async () => {
    const client = await serve({});
    expect((await client.ask({ case: 'echo', value: { message: 'hello' } })).message).toBe('hello');
    await client.ask({ case: 'flush', value: {} });
    client.close();
  });

  it('answers the requests of a connection in their order, however long each takes', async () => {
    const client = await serve({
      async checkTx({ tx }) {
        await setTimeout(tx[0] === 0 ? 30 : 0);
        return { code: tx[0] as number };
      },
    });
    const answers = [0, 1, 2, 3].map((i) => client.ask({ case: 'checkTx', value: { tx: Uint8Array.of(i) } }));
    await client.ask({ case: 'flush', value: {} });
    expect(client.answers.map(({ value }) => value.case)).toEqual([
      ...Array.from({ length: 4 }, () => 'checkTx'),
      'flush',
    ]);
    expect((await Promise.all(answers)).map(({ code }) => code)).toEqual([0, 1, 2, 3]);
    client.close();
  });

  it('answers thousands of pipelined requests', async () => {
    const client = await serve({ checkTx: async ({ tx }) => ({ code: tx.length }) });
    const asked = Array.from({ length: 5000 }, (_, i) =>
      client.ask({ case: 'checkTx', value: { tx: new Uint8Array(i % 300) } }),
    );
    const codes = (await Promise.all(asked)).map(({ code }) => code);
    expect(codes).toEqual(codes.map((_, i) => i % 300));
    client.close();
  });

  it('reads requests that come byte by byte', async () => {
    const client = await serve({});
    const bytes = concatBytes(
      requestBytes({ case: 'echo', value: { message: 'cut' } }),
      requestBytes({ case: 'flush', value: {} }),
    );
    for (const byte of bytes) {
      client.write(Uint8Array.of(byte));
      await setTimeout(1);
    }
    while (client.answers.length < 2) await setTimeout(1);
    expect(client.answers.map(({ value }) => value.case)).toEqual(['echo', 'flush']);
    client.close();
  });

  it('tells the engine of a failure of ours without its text, then closes', async () => {
    const client = await serve({});
    const later = client.ask({ case: 'commit', value: {} });
    const never = client.ask({ case: 'echo', value: { message: 'after' } });
    await expect(later).rejects.toThrow('the application failed; see its log');
    await expect(never).rejects.toThrow('the connection ended');
    await client.ended;
    expect(client.answers).toHaveLength(1);
  });

  const hostile: readonly (readonly [string, Uint8Array, string])[] = [
    ['a frame above the limit', Uint8Array.of(0xff, 0xff, 0xff, 0x7f), 'longer than the limit'],
    ['an endless length', new Uint8Array(9).fill(0x80), 'too many bytes'],
    ['bytes that are no message', Uint8Array.of(3, 0xff, 0xff, 0xff), 'not a request'],
    ['an empty request', Uint8Array.of(0), 'unknown kind'],
    ['a retired request', Uint8Array.of(2, 0x22, 0), 'unknown kind'],
    ['a kind nobody serves', requestBytes({ case: 'extendVote', value: {} }), 'extendVote is not served'],
  ];
  for (const [what, bytes, rule] of hostile) {
    it(`ends the connection on ${what}`, async () => {
      const client = await serve({});
      client.write(bytes);
      await client.ended;
      expect(client.answers).toHaveLength(1);
      const { value } = client.answers[0] as (typeof client.answers)[0];
      expect(value.case === 'exception' && value.value.error).toContain(rule);
    });
  }

  it('keeps other connections when one ends', async () => {
    const first = await serve({});
    const second = await connectAbci(join(folder, 'app.sock'));
    first.write(Uint8Array.of(0));
    await first.ended;
    expect((await second.ask({ case: 'echo', value: { message: 'still' } })).message).toBe('still');
    second.close();
  });

  it('takes over the socket of a process that died, not of one that lives', async () => {
    await leaveDeadSocket(join(folder, 'app.sock'));
    const client = await serve({});
    await expect(
      serveAbci({ application: application({}), path: join(folder, 'app.sock'), logger: silentLogger }),
    ).rejects.toThrow('EADDRINUSE');
    client.close();
  });

  it('removes no file that is not a socket', async () => {
    const path = join(folder, 'notes.txt');
    await writeFile(path, 'mine');
    await expect(serveAbci({ application: application({}), path, logger: silentLogger })).rejects.toThrow(
      'EADDRINUSE',
    );
    expect(await readFile(path, 'utf8')).toBe('mine');
  });
});
