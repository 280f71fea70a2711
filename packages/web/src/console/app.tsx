import { isAppError, type Locale } from '@attestel/core';
import type { LedgerTrust } from '@attestel/did/verify';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { initialLocale, storeLocale } from '../app/i18n/locale.ts';
import { Busy } from '../app/parts/busy.tsx';
import { useAsync } from '../app/use-async.ts';
import type { ConsoleConfig } from '../server/console-routes.ts';
import { type Api, createApi } from './api/client.ts';
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
  /** Of the link that the page was opened by. */
  readonly code: string | undefined;
}

type Opened = { readonly session: Session; readonly names: Names };

/** How somebody who was signed in is no more: by leaving, or by the end of the session. */
type Left = Extract<WhySignIn, 'out' | 'ended'>;

export function App({ config, trust, code }: AppProps): JSX.Element {
  const [locale, setLocale] = useState<Locale>(initialLocale);
  const [left, setLeft] = useState<Left | undefined>(undefined);
  const api = useMemo(
    () => createApi(fetch.bind(globalThis), () => setLeft((before) => before ?? 'ended')),
    [],
  );
  const t = TEXTS[locale];
  const { result } = useAsync(() => open(api, config, code), '');
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  const switchLocale = (): void => {
    const next = locale === 'en' ? 'zh-CN' : 'en';
    storeLocale(next);
    setLocale(next);
  };
  const error = result.state === 'failed' ? result.error : undefined;
  const why = result.state === 'failed' ? whyOf(result.error, code !== undefined) : left;
  if (why) return <SignIn {...{ why, error, config, locale, t }} onLocale={switchLocale} />;
  if (result.state !== 'done') return <Busy text={code === undefined ? t.loading : t.signIn.working} />;
  const desk: Desk = { api, config, trust, locale, t, ...result.value };
  return <SignedIn desk={desk} onLocale={switchLocale} onSignedOut={() => setLeft('out')} />;
}

async function open(api: Api, { did, name }: ConsoleConfig, code: string | undefined): Promise<Opened> {
  const session = await (code === undefined ? api.session() : api.signIn(code));
  return { session, names: namesOf([{ did, name }, ...(await api.members())]) };
}

function whyOf(error: unknown, hadCode: boolean): WhySignIn {
  const known = isAppError(error) ? error.code : '';
  if (known === 'console_link_invalid') return 'used';
  return known === 'console_signed_out' && !hadCode ? 'new' : 'failed';
}

function SignedIn(props: { desk: Desk; onLocale: () => void; onSignedOut: () => void }): JSX.Element {
  const { desk } = props;
  useEnd(desk);
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
        <Shell onLocale={props.onLocale} onSignedOut={props.onSignedOut}>
          <Screen />
        </Shell>
      </RouterContext.Provider>
    </DeskContext.Provider>
  );
}

/** Asks the node when the session is to be over: what is on the screen does not outlive it, whatever this clock says. */
function useEnd({ api, session }: Desk): void {
  useEffect(() => {
    const milliseconds = Math.max(0, session.expires * 1000 - Date.now());
    const timer = setTimeout(() => void api.session().catch(() => undefined), milliseconds);
    return () => clearTimeout(timer);
  }, [api, session]);
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
