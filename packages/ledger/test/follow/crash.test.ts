import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createMemoryStore, equalBytes, toHex } from '@attestel/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ledger, ledgerRoutes, openLmdbStore, verifyLedger } from '../../src/index.ts';
import { callRoutes } from '../fixtures/call-route.ts';
import { openFollower, type Reachable, urlOf } from '../fixtures/cosign-network.ts';
import { ANN, addition, BOB, openTestLedger, trust } from '../fixtures/open-test-ledger.ts';

const BLOCKS = 30;
const ROUNDS = 4;
const child = fileURLToPath(new URL('../fixtures/follow-child.ts', import.meta.url));

let source: Ledger;
beforeAll(async () => {
  source = await openTestLedger();
  for (let i = 0; i < BLOCKS; i++) await source.submit([await addition(ANN, i), await addition(BOB, i)]);
});

describe('a follower that is interrupted', () => {
  it('goes on where it was, at whatever request the network failed', async () => {
    const store = createMemoryStore();
    for (let left = 0; left < 40; left++) {
      let requests = 0;
      const reachable: Reachable = new Map([[urlOf('a'), source]]);
      const flaky: Reachable = new Proxy(reachable, {
        get: (target, key) =>
          key === 'get' ? (url: string) => (requests++ < left % 7 ? target.get(url) : undefined) : undefined,
      });
      const b = await openFollower('b', flaky, { store });
      await b.follow();
      expect(b.alarms()).toEqual([]);
    }
    const b = await openFollower('b', new Map([[urlOf('a'), source]]), { store });
    await b.follow();
    expect(toHex(b.head().appHash)).toBe(toHex(source.head().appHash));
  });

  it('halts when a commit fails in part, and goes on after it is opened again', async () => {
    for (const when of ['beforeCommit', 'afterCommit'] as const) {
      let fail = false;
      const store = createMemoryStore({
        [when]() {
          if (fail) throw new Error('disk');
        },
      });
      const reachable: Reachable = new Map([[urlOf('a'), source]]);
      const b = await openFollower('b', reachable, { store });
      fail = true;
      await expect(b.follow()).rejects.toThrow('disk');
      fail = false;
      await expect(b.follow()).rejects.toMatchObject({ code: 'ledger_halted' });
      const again = await openFollower('b', reachable, { store });
      expect(again.head().height).toBe(when === 'afterCommit' ? 1 : 0);
      await again.follow();
      expect(equalBytes(again.head().appHash, source.head().appHash)).toBe(true);
    }
  });
});

describe('kill -9 of a following process', () => {
  let folder: string;
  let server: Server;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attestel-follow-'));
    const routes = ledgerRoutes(source);
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://127.0.0.1');
      const gone = new AbortController();
      response.on('close', () => gone.abort());
      void callRoutes(routes, url, { signal: gone.signal }).then(({ status, headers, body }) => {
        response.writeHead(status, headers as Record<string, string>);
        if (typeof body === 'string' || body instanceof Uint8Array) response.end(body);
        else Readable.from(body as AsyncIterable<string>).pipe(response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Kills it a few committed heights after it began. */
  const runAndKill = (after: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      const follower = spawn(
        process.execPath,
        ['--conditions=source', child, folder, `http://127.0.0.1:${port}`],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      let output = '';
      follower.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.split('\n').length - 2 >= after) follower.kill('SIGKILL');
      });
      follower.on('error', reject);
      // The last piece may be a cut line.
      follower.on('close', () => resolve(Number(output.split('\n').slice(0, -1).at(-1)) || 0));
    });

  it(`loses no committed block and needs no repair, ${ROUNDS} times`, async () => {
    let height = 0;
    for (let round = 0; round < ROUNDS && height < BLOCKS; round++) {
      height = await runAndKill(round % 5);
      const store = await openLmdbStore({ path: folder });
      const verified = await verifyLedger({ ...trust, store });
      expect(verified.ok && verified.height >= height).toBe(true);
      await store.close();
    }
    const store = await openLmdbStore({ path: folder });
    const b = await openFollower('b', new Map([[urlOf('a'), source]]), { store });
    await b.follow();
    expect(toHex(b.head().appHash)).toBe(toHex(source.head().appHash));
    await store.close();
  }, 120_000);
});
