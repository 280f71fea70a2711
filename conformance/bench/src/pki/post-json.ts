export interface JsonClient {
  readonly url: string;
  /** How many requests are on their way at once. */
  readonly clients: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Throws at what is no good answer. */
  readonly check: (answer: unknown) => void;
}

/** Posts all bodies as a program that uses an HTTP API would: by Node's own client, JSON there and back. Seconds. */
export async function postJson(bodies: readonly string[], client: JsonClient): Promise<number> {
  const { url, clients, check } = client;
  const headers = { 'content-type': 'application/json', ...client.headers };
  const left = [...bodies];
  const one = async (): Promise<void> => {
    for (let body = left.pop(); body !== undefined; body = left.pop()) {
      const response = await fetch(url, { method: 'POST', headers, body });
      check(await response.json());
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: clients }, one));
  return (performance.now() - start) / 1000;
}
