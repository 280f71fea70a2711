import '../app/wallet/strict-policy.ts';
import { negotiateLocale } from '@attestel/core';
import { render } from 'preact';
import { keepPage } from '../offline/keep-page.ts';
import { App } from './app.tsx';
import { TEXTS } from './i18n/texts.ts';
import { openChecks } from './page-trust.ts';

const root = document.getElementById('app') as HTMLElement;

try {
  render(<App ports={await openChecks()} />, root);
  await keepPage('/installer');
} catch {
  const locale = negotiateLocale(undefined, navigator.languages.join(','));
  document.documentElement.lang = locale;
  render(
    <main class="page">
      <h1>{TEXTS[locale].brand}</h1>
      <p role="alert">{TEXTS[locale].startFailed}</p>
    </main>,
    root,
  );
}
