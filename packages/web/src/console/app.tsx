import { isAppError, type Locale } from '@attestel/core';
import type { LedgerTrust } from '@attestel/did/verify';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { initialLocale, storeLocale } from '../app/i18n/locale.ts';
import { Busy } from '../app/parts/busy.tsx';
import { useAsync } from '../app/use-async.ts';
import type { ConsoleConfig } from '../server/console-routes.ts';
import type { Api } from './api/client.ts';
import type { Session } from './api/types.ts';
import { type Desk, DeskContext } from './desk.ts';
import { TEXTS } from './i18n/texts.ts';
import { type Names, namesOf } from './model/names.ts';
import { Shell } from './parts/shell.tsx';
import { locationOf, RouterContext } from './router.ts';
import { BoardScreen } from './screens/board.tsx';
import { ModulesScreen } from './screens/modules.tsx';
import { ObjectScreen } from './screens/object.tsx';
import { ObjectsScreen } from './screens/objects.tsx';
import { SignIn, type WhySignIn } from './screens/sign-in.tsx';

export interface AppProps {
  readonly config: ConsoleConfig;
  readonly trust: LedgerTrust;
  readonly api: Api;
  /** Of the link that the page was opened by. */
  readonly code: string | undefined;
}

type Opened = { readonly session: Session; readonly names: Names };

export function App({ config, trust, api, code }: AppProps): JSX.Element {
  const [locale, setLocale] = useState<Locale>(initialLocale);
  const [isOut, setOut] = useState(false);
  const t = TEXTS[locale];
  const { result } = useAsync(() => open(api, code), '');
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const switchLocale = (): void => {
    const next = locale === 'en' ? 'zh-CN' : 'en';
    storeLocale(next);
    setLocale(next);
  };
  const why: WhySignIn | undefined = isOut
    ? 'out'
    : result.state === 'failed'
      ? whyOf(result.error, code !== undefined)
      : undefined;
  if (why)
    return (
      <SignIn
        why={why}
        error={result.state === 'failed' ? result.error : undefined}
        {...{ config, locale, t }}
        onLocale={switchLocale}
      />
    );
  if (result.state !== 'done') return <Busy text={code === undefined ? t.loading : t.signIn.working} />;
  const desk: Desk = { api, config, trust, locale, t, ...result.value };
  const signOut = (): void => {
    void api.signOut().finally(() => setOut(true));
  };
  return <SignedIn desk={desk} onLocale={switchLocale} onSignOut={signOut} />;
}

async function open(api: Api, code: string | undefined): Promise<Opened> {
  const session = await (code === undefined ? api.session() : api.signIn(code));
  return { session, names: namesOf(await api.members()) };
}

function whyOf(error: unknown, hadCode: boolean): WhySignIn {
  const known = isAppError(error) ? error.code : '';
  if (known === 'console_link_invalid') return 'used';
  return known === 'console_signed_out' && !hadCode ? 'new' : 'failed';
}

function SignedIn(props: { desk: Desk; onLocale: () => void; onSignOut: () => void }): JSX.Element {
  const { desk } = props;
  const [href, setHref] = useState(location.href);
  useEffect(() => {
    const moved = (): void => setHref(location.href);
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  const router = useMemo(() => {
    const navigate = (address: string): void => {
      history.pushState(null, '', address);
      scrollTo(0, 0);
      setHref(location.href);
    };
    return { ...locationOf(href), navigate };
  }, [href]);
  return (
    <DeskContext.Provider value={desk}>
      <RouterContext.Provider value={router}>
        <Shell onLocale={props.onLocale} onSignOut={props.onSignOut}>
          <Screen />
        </Shell>
      </RouterContext.Provider>
    </DeskContext.Provider>
  );
}

function Screen(): JSX.Element {
  return (
    <RouterContext.Consumer>
      {({ place, channel }) => {
        const key = `${channel} ${JSON.stringify(place)}`;
        switch (place.page) {
          case 'modules':
            return <ModulesScreen key={key} />;
          case 'objects':
            return <ObjectsScreen key={key} module={place.module} />;
          case 'object':
            return <ObjectScreen key={key} module={place.module} id={place.id} />;
          case 'board':
            return <BoardScreen key={key} board={place.board} />;
        }
      }}
    </RouterContext.Consumer>
  );
}
