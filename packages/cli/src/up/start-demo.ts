import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { flushCompileCache } from 'node:module';
import { type Consortium, startConsortium } from '@attestel/server';
import type { CommandInput, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { wholeNumber } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';
import { startApps } from './demo-apps.ts';

const DRIVERS = ['solo', 'cometbft'] as const;
const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export const run: Run = async ({ values, progress }) => {
  const started = Date.now();
  const options = optionsOf(values);
  if (values.reset) await rm(options.dataDir, { recursive: true, force: true });
  const consortium = await startConsortium({ ...options, progress: (line) => progress(`  … ${line}`) });
  const apps = values['no-apps'] ? [] : await startAppsOf(consortium);
  stopOnSignal(consortium, apps);
  announce(consortium, apps.length > 0, Date.now() - started);
  void announceScenarios(consortium);
  // Node writes its compile cache when it exits; the next start is to profit also when this one is killed.
  flushCompileCache();
  return undefined;
};

/** @throws AppError app_not_started: then nothing else runs either */
async function startAppsOf(consortium: Consortium): Promise<readonly ChildProcess[]> {
  try {
    return await startApps(consortium);
  } catch (error) {
    await consortium.close();
    throw error;
  }
}

/** @throws option_invalid */
function optionsOf(values: CommandInput['values']) {
  const refresh = Number(values.refresh ?? 30);
  if (!(refresh >= 0.2 && refresh <= 60)) throw fail('option_invalid', { field: '--refresh (0.2 to 60)' });
  const logLevel = LOG_LEVELS.find((level) => level === (values.log ?? 'warn'));
  if (!logLevel) throw fail('option_invalid', { field: `--log (one of ${LOG_LEVELS.join(', ')})` });
  const driver = DRIVERS.find((name) => name === (values.driver ?? 'solo'));
  if (!driver) throw fail('option_invalid', { field: `--driver (one of ${DRIVERS.join(', ')})` });
  return {
    dataDir: dataDirOf(values),
    driver,
    basePort: wholeNumber(values, 'port', { fallback: 4100, least: 1024, most: 65_400 }),
    operators: wholeNumber(values, 'operators', { fallback: 3, least: 1, most: 3 }),
    statusRefreshSeconds: refresh,
    logLevel,
    tls: values.tls === true,
    scenarios: values['no-scenarios'] !== true,
  };
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

function announce({ urls, policyFile, scenarios }: Consortium, withApps: boolean, elapsedMs: number): void {
  const rows = [
    ['Start here', urls.start],
    ...urls.operators.map((url, i) => [`Operator ${i + 1}`, `${url}/my`]),
    ['Wallet', urls.wallet],
    ['OIDC issuer', urls.bridge],
    ['Policy', policyFile],
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
  for (const { id, url } of scenarios?.nodes ?? []) console.log(`  ${id.padEnd(12)} ${url} (scenarios)`);
  console.log(`\nNext: open ${urls.start}, get a phone card, sign in to an app. Ctrl-C stops; data stays.\n`);
}

/** Their first objects come a moment later than the page. */
async function announceScenarios({ scenarios, urls }: Consortium): Promise<void> {
  if (!scenarios) return;
  await scenarios.done;
  const said = {
    preparing: 'Scenarios: stopped before they were ready; the next start goes on.',
    ready: `Scenarios: ready. Parties, channels and what to try: ${urls.start}/#scenarios`,
    failed: 'Scenarios: not ready, see the log; the next start tries again.',
  };
  console.log(said[scenarios.state()]);
}
