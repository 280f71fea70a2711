import type { Locale } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { initialLocale, storeLocale } from '../app/i18n/locale.ts';
import { TEXTS } from './i18n/texts.ts';
import { LanguageContext } from './language.ts';
import { Field } from './parts/field.tsx';
import { Pairing } from './parts/pairing.tsx';
import type { PhoneDatabase } from './phone/database.ts';
import type { PageConfig } from './phone/field-phone.ts';
import { codeOfLink, type Identity } from './phone/identity.ts';
import { useAddress } from './use-address.ts';

export function App(props: {
  db: PhoneDatabase;
  config: PageConfig;
  identity: Identity | undefined;
}): JSX.Element {
  const { db, config } = props;
  const [locale, setLocale] = useState<Locale>(initialLocale);
  const [identity, setIdentity] = useState(props.identity);
  const [renewing, setRenewing] = useState<string | undefined>(undefined);
  const [tag, setTag] = useState<{ readonly text: string } | undefined>(undefined);
  const t = TEXTS[locale];
  const language = useMemo(() => ({ locale, t }), [locale, t]);
  useEffect(() => {
    document.documentElement.lang = locale;
    document.title = t.brand;
  }, [locale, t]);
  // A pairing link and a tag's link both open this page: what they say stands behind `#`.
  useAddress((fragment) => {
    const code = codeOfLink(fragment);
    if (code !== undefined) setRenewing(code);
    else setTag({ text: fragment });
  });
  const choose = (): void => {
    const next = locale === 'en' ? 'zh-CN' : 'en';
    storeLocale(next);
    setLocale(next);
  };
  const paired = (made: Identity): void => {
    setIdentity(made);
    setRenewing(undefined);
  };
  return (
    <LanguageContext.Provider value={language}>
      <div class="shell">
        <a class="skip" href="#content">
          {t.skip}
        </a>
        <header class="top">
          <span class="brand">{t.brand}</span>
          <button type="button" class="language" lang={locale === 'en' ? 'zh-CN' : 'en'} onClick={choose}>
            {t.language}
          </button>
        </header>
        <main id="content" class="page">
          {identity && renewing === undefined ? (
            <Field key={identity.appointment.did} {...{ db, config, identity, tag }} />
          ) : (
            <Pairing {...{ db, config, code: renewing }} onPaired={paired} />
          )}
        </main>
      </div>
    </LanguageContext.Provider>
  );
}
