import './wallet/strict-policy.ts';
import { render } from 'preact';
import { App } from './app.tsx';
import { initialLocale, TEXTS } from './i18n/locale.ts';
import { openWallet } from './wallet/open-wallet.ts';
import { loadConfig } from './wallet/page-config.ts';

const root = document.getElementById('app') as HTMLElement;

try {
  render(<App opened={await openWallet(await loadConfig())} />, root);
} catch {
  // No database (a private window in some browsers) or no configuration: say so instead of a blank page.
  const { t, locale } = { t: TEXTS[initialLocale()], locale: initialLocale() };
  document.documentElement.lang = locale;
  render(
    <main class="page">
      <h1>{t.brand}</h1>
      <p role="alert">{t.startFailed}</p>
    </main>,
    root,
  );
}
