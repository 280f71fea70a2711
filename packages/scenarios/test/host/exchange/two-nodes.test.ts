import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createMemoryStore,
  errorResponse,
  type HttpRequest,
  isAppError,
  type Route,
  silentLogger,
  systemRandom,
} from '@attestel/core';
import { createLedgerResolver } from '@attestel/did';
import { createMemoryKeyStore } from '@attestel/keystore';
import { afterEach, describe, expect, test } from 'vitest';
import { clock, keyStore } from '../../../../registry/test/consortium.ts';
import { type ContractHost, createContractHost } from '../../../src/host/create-contract-host.ts';
import { exchangeRoutes } from '../../../src/host/exchange/exchange.endpoint.ts';
import { createHttpExchange } from '../../../src/host/exchange/http-exchange.ts';
import { openKeyFile } from '../../../src/host/vault/open-key-file.ts';
import { toyModule } from '../toy-module.ts';
import { CHANNEL, fakeCredentials, MODULE, memoryDisk, openWorld, type World } from '../world.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Routes of fixed paths behind a socket. */
async function listen(routes: readonly Route[], port = 0): Promise<Server> {
  const server = createServer(async (req, res) => {
    const url = new URL(req.url ?? '', 'http://127.0.0.1');
    const route = routes.find(({ method, path }) => method === req.method && path === url.pathname);
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const { signal } = new AbortController();
    const request = {
      ...{ method: req.method, url, params: {}, headers: {}, signal },
      body: Buffer.concat(chunks),
    };
    const answer = await Promise.resolve(route?.handle(request as unknown as HttpRequest)).catch(
      (error: unknown) => errorResponse({ errors: 'problem' }, error, request as unknown as HttpRequest),
    );
    res
      .writeHead(answer?.status ?? 404, answer?.headers as Record<string, string>)
      .end(answer?.body as string);
  });
  servers.push(server);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

interface HttpNode {
  readonly did: string;
  readonly host: ContractHost;
  readonly routes: readonly Route[];
  /** Runs what waits for its time. */
  retry(): Promise<void>;
}

async function node(world: World, number: number, peers: { [did: string]: string }): Promise<HttpNode> {
  const { ledger } = world.consortium;
  const { did = '', signer } = world.organisations[number] ?? {};
  const resolver = createLedgerResolver(ledger, { clock });
  const party = { did, kid: `${did}#key-1`, signer: await keyStore.signer(`host-${'abc'[number]}/key-1`) };
  const keys = createMemoryKeyStore();
  await keys.generate({ purpose: 'derivation', algorithm: 'HS256', ref: 'contracts' });
  const mac = (message: Uint8Array) => keys.mac('contracts', message);
  const waiting = new Set<() => void>();
  const host = await createContractHost({
    ...{ ledger, clock, random: systemRandom, logger: silentLogger, modules: [toyModule()] },
    party: { did, signers: signer ? [signer] : [] },
    store: createMemoryStore(),
    vault: await openKeyFile({ disk: memoryDisk(), mac, random: systemRandom }),
    credentials: fakeCredentials(),
    exchange: createHttpExchange({ party, resolver, clock, peers, timeoutMs: 5_000 }),
    later(_, work) {
      waiting.add(work);
      return { stop: () => void waiting.delete(work) };
    },
  });
  const receive = (from: string, content: Parameters<ContractHost['receive']>[1]) =>
    host.receive(from, content);
  return {
    ...{ did, host },
    routes: exchangeRoutes({ party, resolver, clock, receive }),
    async retry() {
      const due = [...waiting];
      waiting.clear();
      for (const work of due) work();
      await host.idle();
    },
  };
}

describe('two hosts over HTTP', () => {
  test('a payload arrives, and one for a node that is down arrives when it is back', async () => {
    const world = await openWorld();
    const peers: { [did: string]: string } = {};
    const [a, b] = [await node(world, 0, peers), await node(world, 1, peers)];
    const [atA, atB] = [await listen(a.routes), await listen(b.routes)];
    peers[a.did] = `http://127.0.0.1:${portOf(atA)}`;
    peers[b.did] = `http://127.0.0.1:${portOf(atB)}`;
    const call = { channel: CHANNEL, module: MODULE };
    const settle = async () => {
      for (let i = 0; i < 4; i += 1) {
        await a.retry();
        await b.retry();
      }
    };
    const { id } = await a.host.run({
      ...call,
      command: 'register',
      data: { serial: 'SN-1', with: [b.did] },
      actor: a.did,
    });
    await settle();
    const seenBy = (one: HttpNode) => one.host.get({ ...call, id, reader: { actor: one.did } });
    expect(await seenBy(b)).toMatchObject({
      checked: true,
      behind: false,
      state: { serial: 'SN-1', texts: [] },
    });

    const port = portOf(atB);
    atB.closeAllConnections();
    atB.close();
    await once(atB, 'close');
    await a.host.run({ ...call, command: 'note', id, data: { text: 'while b is down' }, actor: a.did });
    await settle();
    expect(await seenBy(b)).toMatchObject({ behind: true });
    expect(a.host.outbox()).toMatchObject([{ to: b.did, lastError: 'exchange_unreachable' }]);
    // Whoever lacks the newest payload writes nothing on top of it.
    const early = b.host.run({ ...call, command: 'note', id, data: { text: 'too early' }, actor: b.did });
    expect(await early.catch((error: unknown) => isAppError(error) && error.code)).toBe('payload_missing');

    await listen(b.routes, port);
    await settle();
    expect(await seenBy(b)).toMatchObject({ behind: false, state: { texts: ['while b is down'] } });
    expect(a.host.outbox()).toEqual([]);
    await b.host.run({ ...call, command: 'note', id, data: { text: 'and back' }, actor: b.did });
    await settle();
    expect(await seenBy(a)).toMatchObject({
      checked: true,
      state: { texts: ['while b is down', 'and back'] },
    });
    await a.host.close();
    await b.host.close();
  });
});
