// A node that resolves over HTTP, as deployed or without what our server puts around a route. A child process.
import { createServer, type Server } from 'node:http';
import { type HttpRequest, type Route, silentLogger, systemRandom } from '@attestel/core';
import { createLedgerResolver, resolverRoutes } from '@attestel/did';
import { ledgerRoutes } from '@attestel/ledger';
import { formatPolicy } from '@attestel/proof';
import { startHttpServer } from '../../../../packages/server/src/http/http-server.ts';
import { createMetrics } from '../../../../packages/server/src/http/metrics.ts';
import { answerParent } from '../measured-process.ts';
import { createBenchLedger, policy } from './bench-ledger.ts';
import { IDENTIFIERS, type ResolverReady } from './protocol.ts';

const [port, bare] = [Number(process.argv[2]), Number(process.argv[3])];
const { ledger, full, close } = await createBenchLedger();
const routes = resolverRoutes(createLedgerResolver(ledger));
const server = await startHttpServer({
  origin: `http://localhost:${port}`,
  host: '127.0.0.1',
  port,
  routes: [...routes, ...ledgerRoutes(ledger, { policy: formatPolicy(policy) })],
  logger: silentLogger,
  metrics: createMetrics('bench'),
  random: systemRandom,
  ready: () => true,
});
const bareServer = await startBare(bare, routes[0]);
answerParent<ResolverReady>({ full }, async () => {
  bareServer.close();
  await server.close();
  await close();
});

/** The route's own work and nothing else: no Express, no correlator, no metrics. */
async function startBare(at: number, route: Route | undefined): Promise<Server> {
  const started = createServer((req, res) => {
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
      res.writeHead(answer?.status ?? 500, answer?.headers as Record<string, string>);
      res.end(answer?.body);
    });
  });
  await new Promise<void>((resolve) => void started.listen(at, '127.0.0.1', resolve));
  return started;
}
