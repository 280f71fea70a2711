// Resolution over HTTP: by a node as it is deployed, and by the same route behind less. A child process.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { HttpRequest, Route } from '@attestel/core';
import { silentLogger } from '@attestel/core';
import { createLedgerResolver, resolverRoutes } from '@attestel/did';
import { formatPolicy } from '@attestel/proof';
import { createNode, openParty, parseNodeConfig } from '@attestel/server';
import express from 'express';
import { mountRoutes } from '../../../../packages/server/src/http/mount-routes.ts';
import { answerParent } from '../measured-process.ts';
import { createTemporaryFolder } from '../temporary-folder.ts';
import { createBenchLedger, policy } from './bench-ledger.ts';
import { NETWORK } from './organisation.ts';
import { IDENTIFIERS, type ResolverReady } from './protocol.ts';

const [port = 0, barePort = 0, expressPort = 0] = process.argv.slice(2).map(Number);
const { ledger, full, close } = await createBenchLedger();
const folder = await createTemporaryFolder();
const config = parseNodeConfig({
  instance: 'bench',
  network: NETWORK,
  dataDir: folder.path,
  name: { en: 'Bench', 'zh-CN': '测试' },
  http: { origin: `http://localhost:${port}`, port },
  roles: { resolver: true },
  logLevel: 'silent',
});
const party = await openParty({ dataDir: folder.path, passphrase: 'protects nothing', scryptN: 2 ** 10 });
const node = await createNode(config, { ledger, party, policyText: formatPolicy(policy) });
const routes = resolverRoutes(createLedgerResolver(ledger));
const others = [
  await listen(barePort, bareHandler(routes[0])),
  await listen(expressPort, expressHandler(routes)),
];
answerParent<ResolverReady>({ full }, async () => {
  for (const server of others) server.close();
  await node.close();
  await party.close();
  await folder.remove();
  await close();
});

/** The route's own work and nothing else: no Express, no correlator, no metrics, no headers but the route's. */
function bareHandler(route: Route | undefined): RequestListener {
  return (req, res) => {
    const url = new URL(`http://localhost${req.url}`);
    const request: HttpRequest = {
      method: 'GET',
      url,
      params: { did: decodeURIComponent(url.pathname.slice(IDENTIFIERS.length)) },
      headers: req.headers as Record<string, string>,
      body: new Uint8Array(),
      signal: new AbortController().signal,
    };
    void Promise.resolve(route?.handle(request)).then((answer) => {
      res.statusCode = answer?.status ?? 500;
      // Set, not written: a head that is written before the body is there makes Node send it in chunks.
      for (const [name, value] of Object.entries(answer?.headers ?? {})) res.setHeader(name, value);
      res.end(answer?.body);
    });
  };
}

/** Express as our server uses it and nothing beside it. */
function expressHandler(mounted: readonly Route[]): RequestListener {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').set('query parser', 'simple');
  mountRoutes(app, mounted, config.http.origin, silentLogger);
  return (req, res) => void app(req, res);
}

async function listen(at: number, handler: RequestListener): Promise<Server> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => void server.listen(at, '127.0.0.1', resolve));
  return server;
}
