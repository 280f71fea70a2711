import { type Connection, openConnection } from './connection.ts';

/** Clients that keep their connections. */
export interface Poster {
  post(body: string | Uint8Array): Promise<Buffer>;
  /** Posts all of them, as many at once as there are clients; seconds. `check` throws at what is no good answer. */
  all(bodies: readonly (string | Uint8Array)[], check: (answer: Buffer) => void): Promise<number>;
  close(): void;
}

/** As many may post at once as there are clients. @throws (when posting) Error for an answer that is not 200 */
export function createPoster(url: string, clients: number, headers: Record<string, string> = {}): Poster {
  const { hostname, port, host, pathname } = new URL(url);
  const sent = { 'content-type': 'application/json', ...headers, host };
  const fields = Object.entries(sent).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${pathname} HTTP/1.1\r\n${fields.join('')}`;
  const write = (body: string | Uint8Array): Buffer => {
    const start = Buffer.from(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n`);
    return Buffer.concat([start, Buffer.from(body)]);
  };
  const idle: Connection[] = [];
  const exchange = async (request: Buffer): Promise<Buffer> => {
    let connection = idle.pop();
    // A server may have ended one that was not used.
    while (connection && !connection.isOpen) connection = idle.pop();
    connection ??= openConnection(hostname, Number(port));
    const answer = await connection.ask(request);
    idle.push(connection);
    return answer;
  };
  return {
    post: (body) => exchange(write(body)),
    async all(bodies, check) {
      const requests = bodies.map(write);
      const client = async (): Promise<void> => {
        for (let request = requests.pop(); request; request = requests.pop()) check(await exchange(request));
      };
      const start = performance.now();
      await Promise.all(Array.from({ length: clients }, client));
      return (performance.now() - start) / 1000;
    },
    close: () => {
      for (const connection of idle) connection.close();
    },
  };
}
