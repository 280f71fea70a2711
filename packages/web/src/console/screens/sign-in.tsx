import { fillText, type Locale } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { WarnIcon } from '../../app/parts/icons.tsx';
import type { ConsoleConfig } from '../../server/console-routes.ts';
import type { Texts } from '../i18n/en.ts';
import { codeOf, errorText } from '../parts/loaded.tsx';
import { Mark } from '../parts/shell.tsx';

/** Why nobody is signed in: nobody was, the link is no good, somebody left, the session ended, or something else failed. */
export type WhySignIn = 'new' | 'used' | 'out' | 'ended' | 'failed';

export function SignIn(props: {
  why: WhySignIn;
  error: unknown;
  config: ConsoleConfig;
  locale: Locale;
  t: Texts;
  onLocale: () => void;
}): JSX.Element {
  const { why, error, config, locale, t } = props;
  useEffect(() => {
    document.title = `${t.signIn.title} · ${t.brand}`;
  }, [t]);
  return (
    <div class="shell">
      <header class="top">
        <span class="brand">
          <Mark />
          {t.brand}
        </span>
        <button
          type="button"
          class="language"
          lang={locale === 'en' ? 'zh-CN' : 'en'}
          onClick={props.onLocale}
        >
          {t.language}
        </button>
      </header>
      <main id="content" class="page narrow">
        <h1>{t.signIn.title}</h1>
        {(why === 'out' || why === 'ended') && <p role="status">{t.signIn[why]}</p>}
        {(why === 'used' || why === 'failed') && (
          <div class="problem" role="alert">
            <WarnIcon />
            <div>
              <p>{why === 'used' ? t.signIn.used : errorText(error, t)}</p>
              {why === 'failed' && <p class="code">{fillText(t.code, { code: codeOf(error) })}</p>}
            </div>
          </div>
        )}
        <p class="lead">{fillText(t.signIn.lead, { name: config.name[locale] })}</p>
        <pre class="command">
          <code>{fillText(t.signIn.command, { node: location.origin })}</code>
        </pre>
      </main>
    </div>
  );
}
