import { Agent, request } from 'node:http';

/** Clients that keep their connections. */
export interface Poster {
  post(body: string | Uint8Array): Promise<Buffer>;
  /** Posts all of them, as many at once as there are clients; seconds. `check` throws at what is no good answer. */
  all(bodies: readonly (string | Uint8Array)[], check: (answer: Buffer) => void): Promise<number>;
  close(): void;
}

/** @throws (when posting) Error for an answer that is not 200 */
export function createPoster(url: string, clients: number, headers: Record<string, string> = {}): Poster {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const post: Poster['post'] = (body) =>
    new Promise((resolve, reject) => {
      const sent = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...headers,
      };
      const outgoing = request(url, { method: 'POST', agent, headers: sent }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => {
          const bytes = Buffer.concat(parts);
          if (answer.statusCode === 200) resolve(bytes);
          else reject(new Error(`bench: ${url} answered ${answer.statusCode} ${bytes.subarray(0, 200)}`));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  return {
    post,
    async all(bodies, check) {
      let next = 0;
      const client = async (): Promise<void> => {
        for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) check(await post(body));
      };
      const start = performance.now();
      await Promise.all(Array.from({ length: clients }, client));
      return (performance.now() - start) / 1000;
    },
    close: () => agent.destroy(),
  };
}
