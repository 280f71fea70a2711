import type { ComponentChildren, JSX } from 'preact';
import { type Place, useRouter } from '../router.ts';
import { useSession } from '../session.ts';
import { CardsIcon, HistoryIcon, ShieldIcon } from './icons.tsx';
import { Link } from './link.tsx';

const FOCUSED: readonly Place['page'][] = ['add', 'present'];

/** What is around every screen. While the person decides something, the navigation is out of the way. */
export function Shell(props: { children: ComponentChildren }): JSX.Element {
  const { place } = useRouter();
  const { t, locale, setLocale } = useSession();
  const other = locale === 'en' ? 'zh-CN' : 'en';
  return (
    <div class={FOCUSED.includes(place.page) ? 'shell focused' : 'shell'}>
      <a class="skip" href="#content">
        {t.skip}
      </a>
      <header class="top">
        <Link to="/" class="brand">
          <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <path d="M8 2h11l7 7v17a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z" />
            <path class="tick" d="m10 18 4 4 8-9" />
          </svg>
          {t.brand}
        </Link>
        <button type="button" class="language" lang={other} onClick={() => setLocale(other)}>
          {t.language}
        </button>
      </header>
      {props.children}
      <nav class="tabs" aria-label={t.nav.label}>
        <Link to="/" current={place.page === 'home' || place.page === 'card'}>
          <CardsIcon />
          {t.nav.cards}
        </Link>
        <Link to="/history" current={place.page === 'history'}>
          <HistoryIcon />
          {t.nav.history}
        </Link>
        <Link to="/about" current={place.page === 'about'}>
          <ShieldIcon />
          {t.nav.about}
        </Link>
      </nav>
    </div>
  );
}
