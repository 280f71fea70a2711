import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

export interface Example {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  stop(): Promise<void>;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts an example as `npm start` does, and waits for its line on standard output. */
export async function startExample(
  name: 'shop' | 'forum',
  settings: { port: number; issuer: string; clientId: string; clientSecret: string },
): Promise<Example> {
  const baseUrl = `http://localhost:${settings.port}`;
  const main = fileURLToPath(new URL(`../../examples/${name}/src/main.js`, import.meta.url));
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      PATH: process.env.PATH,
      ISSUER_URL: settings.issuer,
      CLIENT_ID: settings.clientId,
      CLIENT_SECRET: settings.clientSecret,
      BASE_URL: baseUrl,
      PORT: String(settings.port),
    },
  });
  await saysListening(child);
  return {
    baseUrl,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function saysListening(child: ChildProcess): Promise<void> {
  for await (const chunk of child.stdout ?? []) {
    if (String(chunk).includes('listening')) return;
  }
  throw new Error('the example ended before it listened');
}
