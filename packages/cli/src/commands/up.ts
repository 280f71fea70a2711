import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Consortium, startConsortium } from '@attestel/server';
import type { Command } from '../command.ts';
import { DATA_HELP, DATA_OPTION, dataDirOf } from '../data-folder.ts';
import { fail } from '../errors.ts';

const exitWithParent = new URL('../exit-with-parent.ts', import.meta.url).href;
const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url));

export const up: Command = {
  name: 'up',
  summary: 'Start the demo consortium: operators, ledger, bridge, wallet and two apps',
  options: {
    ...DATA_OPTION,
    port: { type: 'string' },
    operators: { type: 'string' },
    reset: { type: 'boolean' },
    'no-apps': { type: 'boolean' },
    refresh: { type: 'string' },
    log: { type: 'string' },
    tls: { type: 'boolean' },
  },
  help: {
    ...DATA_HELP,
    port: 'first port (default 4100)',
    operators: 'how many operators, 1 to 3 (default 3)',
    reset: 'forget all data of the demo first',
    'no-apps': 'do not start the two demo apps',
    refresh: 'seconds between status refreshes of the bridge (default 30)',
    tls: 'serve everything but the apps over TLS, under a root made for this data folder',
    log: 'log level: debug, info, warn, error, silent (default warn)',
  },
  run: async ({ values, progress }) => {
    const dataDir = dataDirOf(values);
    const started = Date.now();
    if (values.reset) await rm(dataDir, { recursive: true, force: true });
    const consortium = await startConsortium({
      dataDir,
      basePort: integer(values.port, 'port', 4100, 1024, 65_400),
      operators: integer(values.operators, 'operators', 3, 1, 3),
      statusRefreshSeconds: Number(values.refresh ?? 30),
      logLevel: (values.log ?? 'warn') as 'warn',
      tls: values.tls === true,
      progress: (line) => progress(`  … ${line}`),
    });
    const apps = values['no-apps'] ? [] : await startApps(consortium);
    stopOnSignal(consortium, apps);
    announce(consortium, apps.length > 0, Date.now() - started);
    return undefined;
  },
};

function integer(value: unknown, name: string, fallback: number, least: number, most: number): number {
  const number = value === undefined ? fallback : Number(value);
  if (!Number.isInteger(number) || number < least || number > most)
    throw fail('option_invalid', { field: `--${name} (${least} to ${most})` });
  return number;
}

async function startApps({ urls, ports, clientSecret, caFile }: Consortium): Promise<ChildProcess[]> {
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
  await Promise.all([answers(urls.shop), answers(urls.forum)]);
  return apps;
}

const APP_START_MS = 20_000;

/** @throws AppError app_not_started */
async function answers(url: string): Promise<void> {
  for (const end = Date.now() + APP_START_MS; Date.now() < end; ) {
    const ok = await fetch(`${url}/healthz`).then(
      (r) => r.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((go) => setTimeout(go, 100));
  }
  throw fail('app_not_started', { field: url });
}

function stopOnSignal(consortium: Consortium, apps: readonly ChildProcess[]): void {
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    for (const app of apps) app.kill('SIGTERM');
    await consortium.close();
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function announce({ urls }: Consortium, withApps: boolean, elapsedMs: number): void {
  const rows = [
    ['Start here', urls.start],
    ...urls.operators.map((url, i) => [`Operator ${i + 1}`, `${url}/my`]),
    ['Wallet', urls.wallet],
    ['OIDC issuer', urls.bridge],
    ...(withApps
      ? [
          ['Shop', urls.shop],
          ['Forum', urls.forum],
        ]
      : []),
  ];
  console.log(
    `\nAttestel demo consortium is up (${(elapsedMs / 1000).toFixed(1)} s). All names and numbers are fictional.\n`,
  );
  for (const [name, url] of rows) console.log(`  ${String(name).padEnd(12)} ${url}`);
  console.log(`\nNext: open ${urls.start}, get a phone card, sign in to an app. Ctrl-C stops; data stays.\n`);
}
