import { fillText } from '@attestel/core';
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useDesk } from '../desk.ts';
import { clockText } from '../i18n/format.ts';
import { nameOf } from '../model/names.ts';
import { BOARDS } from '../model/scenarios.ts';
import { addressOf, useRouter } from '../router.ts';
import { Link } from './link.tsx';

/** What is around every page: where one can go, who has signed in, the language. */
export function Shell(props: {
  onLocale: () => void;
  onSignedOut: () => void;
  children: ComponentChildren;
}): JSX.Element {
  const { t, locale, api, session, names } = useDesk();
  const { place } = useRouter();
  const [isStillIn, setStillIn] = useState(false);
  // The node alone can end a session: where it does not say so, nobody is told that they are out.
  const signOut = (): void => {
    setStillIn(false);
    api.signOut().then(props.onSignedOut, () => setStillIn(true));
  };
  return (
    <div class="shell">
      <a class="skip" href="#content">
        {t.skip}
      </a>
      <header class="top">
        <Link to={{ page: 'modules' }} class="brand">
          <Mark />
          {t.brand}
        </Link>
        <div class="who">
          <p class="who-name">
            <strong>{nameOf(names, session.did, locale)}</strong>
            <small>{fillText(t.until, { time: clockText(session.expires, locale) })}</small>
          </p>
          <Channels />
          <button
            type="button"
            class="language"
            lang={locale === 'en' ? 'zh-CN' : 'en'}
            onClick={props.onLocale}
          >
            {t.language}
          </button>
          <button type="button" class="language" onClick={signOut}>
            {t.signOut}
          </button>
        </div>
      </header>
      <nav class="sections" aria-label={t.nav.label}>
        <Link to={{ page: 'modules' }} current={place.page !== 'board'}>
          {t.nav.modules}
        </Link>
        {BOARDS.map((board) => (
          <Link
            key={board}
            to={{ page: 'board', board }}
            current={place.page === 'board' && place.board === board}
          >
            {t.boards[board]}
          </Link>
        ))}
      </nav>
      {isStillIn && (
        <p class="warn-text still-in" role="alert">
          {t.signOutFailed}
        </p>
      )}
      {props.children}
    </div>
  );
}

export const Mark = (): JSX.Element => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path d="M8 2h11l7 7v17a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4z" />
    <path class="tick" d="m10 18 4 4 8-9" />
  </svg>
);

/** Where there are more than one: an object of another channel is another object, so the page is left. */
function Channels(): JSX.Element | null {
  const { t, session } = useDesk();
  const { channel, place, navigate } = useRouter();
  if (session.channels.length < 2) return null;
  const choose = ({ currentTarget }: JSX.TargetedEvent<HTMLSelectElement>): void => {
    const to = place.page === 'object' ? ({ page: 'modules' } as const) : place;
    navigate(addressOf(to, currentTarget.value));
  };
  return (
    <label class="channel">
      <span class="visually-hidden">{t.channel}</span>
      <select value={channel} onChange={choose}>
        {session.channels.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
