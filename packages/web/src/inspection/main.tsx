import '../app/wallet/strict-policy.ts';
import { negotiateLocale } from '@attestel/core';
import { render } from 'preact';
import { keepPage } from '../offline/keep-page.ts';
import { App } from './app.tsx';
import { TEXTS } from './i18n/texts.ts';
import { openPhoneDatabase } from './phone/database.ts';
import { loadPageConfig } from './phone/field-phone.ts';
import { readIdentity } from './phone/identity.ts';

const root = document.getElementById('app') as HTMLElement;

try {
  const [db, config] = await Promise.all([openPhoneDatabase(), loadPageConfig()]);
  render(<App db={db} config={config} identity={await readIdentity(db)} />, root);
  await keepPage('/inspect');
  // Visits are on this phone alone until they are handed in.
  await navigator.storage.persist().catch(() => false);
} catch (error) {
  const locale = negotiateLocale(undefined, navigator.languages.join(','));
  const t = TEXTS[locale];
  document.documentElement.lang = locale;
  render(
    <main class="page">
      <h1>{t.brand}</h1>
      <p role="alert">{error instanceof DOMException ? t.storageFailed : t.startFailed}</p>
    </main>,
    root,
  );
}
