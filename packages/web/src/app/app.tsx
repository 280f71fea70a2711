import type { Locale } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { initialLocale, storeLocale, TEXTS } from './i18n/locale.ts';
import { Shell } from './parts/shell.tsx';
import { type Navigate, type Place, placeOf, RouterContext } from './router.ts';
import { About } from './screens/about.tsx';
import { Add } from './screens/add.tsx';
import { CardScreen } from './screens/card.tsx';
import { History } from './screens/history.tsx';
import { Home } from './screens/home.tsx';
import { Present } from './screens/present.tsx';
import { SessionContext } from './session.ts';
import type { OpenedWallet } from './wallet/open-wallet.ts';

interface Visit {
  readonly place: Place;
  readonly flash: string | null;
  /** Counts visits, so that opening the same page again starts it afresh. */
  readonly count: number;
}

export function App({ opened }: { opened: OpenedWallet }): JSX.Element {
  const [locale, setLocale] = useState<Locale>(initialLocale);
  const [visit, setVisit] = useState<Visit>({ place: placeOf(location.href), flash: null, count: 0 });
  useEffect(() => {
    document.documentElement.lang = locale;
  }, [locale]);
  useEffect(() => {
    const onPop = (): void =>
      setVisit((last) => ({ place: placeOf(location.href), flash: null, count: last.count + 1 }));
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);
  const router = useMemo(() => {
    const navigate: Navigate = (path, { replace = false, flash } = {}) => {
      history[replace ? 'replaceState' : 'pushState'](null, '', path);
      scrollTo(0, 0);
      setVisit((last) => ({ place: placeOf(location.href), flash: flash ?? null, count: last.count + 1 }));
    };
    return { place: visit.place, flash: visit.flash, navigate };
  }, [visit]);
  const session = useMemo(() => {
    const choose = (next: Locale): void => {
      storeLocale(next);
      setLocale(next);
    };
    return { ...opened, locale, t: TEXTS[locale], setLocale: choose };
  }, [opened, locale]);
  return (
    <SessionContext.Provider value={session}>
      <RouterContext.Provider value={router}>
        <Shell>
          <Screen key={visit.count} place={visit.place} />
        </Shell>
      </RouterContext.Provider>
    </SessionContext.Provider>
  );
}

function Screen({ place }: { place: Place }): JSX.Element {
  switch (place.page) {
    case 'home':
      return <Home />;
    case 'add':
      return <Add link={place.link} />;
    case 'present':
      return <Present link={place.link} />;
    case 'card':
      return <CardScreen id={place.id} />;
    case 'history':
      return <History />;
    case 'about':
      return <About />;
  }
}
