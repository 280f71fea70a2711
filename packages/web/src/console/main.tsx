import '../app/wallet/strict-policy.ts';
import { createLedgerTrust } from '@attestel/did/verify';
import { render } from 'preact';
import { initialLocale } from '../app/i18n/locale.ts';
import type { ConsoleConfig } from '../server/console-routes.ts';
import { App } from './app.tsx';
import { TEXTS } from './i18n/texts.ts';

/** Ten heartbeats of the ledger's witnesses. */
const FRESH_SECONDS = 300;
const CODE = /^#([A-Za-z0-9_-]{43})$/;

const root = document.getElementById('app') as HTMLElement;

/** The code of a sign-in link; it leaves the address at once, so that nobody reads it there or opens it again. */
function takeCode(): string | undefined {
  const code = CODE.exec(location.hash)?.[1];
  if (code !== undefined) history.replaceState(null, '', location.pathname + location.search);
  return code;
}

async function start(): Promise<void> {
  const code = takeCode();
  const response = await fetch('/console/config.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new TypeError('config.json: not there');
  const config = (await response.json()) as ConsoleConfig;
  // Whose cosignatures count came with the page itself; no later answer of the node changes it.
  const trust = createLedgerTrust({ policy: config.policy, maxAgeSeconds: FRESH_SECONDS });
  render(<App config={config} trust={trust} code={code} />, root);
}

start().catch(() => {
  const locale = initialLocale();
  document.documentElement.lang = locale;
  render(
    <main class="page">
      <h1>{TEXTS[locale].brand}</h1>
      <p role="alert">{TEXTS[locale].startFailed}</p>
    </main>,
    root,
  );
});
