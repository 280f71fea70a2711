import { type Route, silentLogger, systemRandom } from '@attestel/core';
import { startHttpServer } from '../../../server/src/http/http-server.ts';
import { createMetrics } from '../../../server/src/http/metrics.ts';

export interface NodeAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a client reads from JSON
  readonly body: any;
}

export interface NodeServer {
  readonly port: number;
  postJson(path: string, body: unknown): Promise<NodeAnswer>;
  close(): Promise<void>;
}

/** Routes behind the HTTP server that nodes run: its limits, its error answers. */
export async function nodeServer(routes: readonly Route[]): Promise<NodeServer> {
  const server = await startHttpServer({
    ...{ origin: 'https://node.example', host: '127.0.0.1', port: 0, routes, logger: silentLogger },
    ...{ metrics: createMetrics('test'), random: systemRandom, ready: () => true },
  });
  return {
    port: server.port,
    async postJson(path, body) {
      const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.json() };
    },
    close: () => server.close(),
  };
}
