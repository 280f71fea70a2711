import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
}

/** A browser tab reduced to what costs nothing: keep-alive, cookies by name. */
export interface Tab {
  send(
    method: string,
    url: string,
    options?: { body?: string; headers?: Record<string, string> },
  ): Promise<Answer>;
  readonly requests: number;
}

export const createAgent = (): Agent => new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'fifo' });

export function createTab(agent: Agent): Tab {
  const cookies = new Map<string, string>();
  let requests = 0;
  return {
    get requests() {
      return requests;
    },
    send: (method, url, { body, headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        requests += 1;
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const form =
          body === undefined
            ? {}
            : {
                'content-type': 'application/x-www-form-urlencoded',
                'content-length': Buffer.byteLength(body),
              };
        const outgoing = request(
          url,
          { method, agent, headers: { ...form, ...(cookie ? { cookie } : {}), ...headers } },
          (res) => {
            for (const raw of res.headers['set-cookie'] ?? []) {
              const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(raw) ?? [];
              if (value === '') cookies.delete(name);
              else cookies.set(name, value);
            }
            let text = '';
            res.setEncoding('utf8');
            res.on('data', (chunk: string) => {
              text += chunk;
            });
            res.on('end', () =>
              resolve({ status: res.statusCode ?? 0, text, location: res.headers.location }),
            );
            res.on('error', reject);
          },
        );
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
  };
}
