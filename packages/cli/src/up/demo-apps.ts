import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Consortium } from '@attestel/server';
import { fail } from '../errors.ts';

const exitWithParent = new URL('./exit-with-parent.ts', import.meta.url).href;
const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url));

/** The demo apps, as processes of their own that know an issuer and their client credentials. */
export async function startApps(consortium: Consortium): Promise<ChildProcess[]> {
  const { urls, ports, clientSecret, caFile } = consortium;
  const app = async (folder: string, clientId: string, port: number, baseUrl: string) =>
    spawn(process.execPath, ['--import', exitWithParent, `${examples}${folder}/src/main.js`], {
      stdio: ['pipe', 'ignore', 'inherit'],
      env: {
        PATH: process.env.PATH,
        ISSUER_URL: urls.bridge,
        CLIENT_ID: clientId,
        CLIENT_SECRET: await clientSecret(clientId),
        BASE_URL: baseUrl,
        PORT: String(port),
        ...(caFile ? { NODE_EXTRA_CA_CERTS: caFile } : {}),
      },
    });
  const apps = [
    await app('shop', 'demo-shop', ports.shop, urls.shop),
    await app('forum', 'demo-forum', ports.forum, urls.forum),
  ];
  try {
    await Promise.all([urls.shop, urls.forum].map((url, i) => answers(url, apps[i] as ChildProcess)));
    return apps;
  } catch (error) {
    for (const one of apps) one.kill('SIGTERM');
    throw error;
  }
}

const APP_START_MS = 20_000;
const ANSWER_MS = 2_000;

/** @throws AppError app_not_started */
async function answers(url: string, app: ChildProcess): Promise<void> {
  for (const end = Date.now() + APP_START_MS; Date.now() < end && app.exitCode === null; ) {
    // What has the port instead may take connections and never answer.
    const ok = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS) }).then(
      (r) => r.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((go) => setTimeout(go, 100));
  }
  throw fail('app_not_started', { field: url });
}
