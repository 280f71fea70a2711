import { fillText } from '@attestel/core';
import { linkKind, type PendingPresentation } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { askerName } from '../parts/asker.tsx';
import { Busy } from '../parts/busy.tsx';
import { LinkIcon } from '../parts/icons.tsx';
import { Link } from '../parts/link.tsx';
import { OperatorList } from '../parts/operator-list.tsx';
import { Page } from '../parts/page.tsx';
import { PhoneCard } from '../parts/phone-card.tsx';
import { Problem } from '../parts/problem.tsx';
import { pathOfLink, useRouter } from '../router.ts';
import { useSession } from '../session.ts';
import { useAsync } from '../use-async.ts';

/** The first page: cards, a sign-in that waits, and ways to get a card. */
export function Home(): JSX.Element {
  const { t, wallet } = useSession();
  const { result, reload } = useAsync(
    async () => ({ cards: await wallet.cards(), pending: await wallet.pending() }),
    'home',
  );
  return (
    <Page title={t.home.title} lead={t.home.lead} wide>
      {result.state === 'running' && <Busy text={t.loading} />}
      {result.state === 'failed' && <Problem error={result.error} />}
      {result.state === 'done' && (
        <>
          {result.value.pending.slice(0, 1).map((pending) => (
            <Waiting key={pending.id} pending={pending} onDropped={reload} />
          ))}
          {result.value.cards.length === 0 ? (
            <Empty />
          ) : (
            <ul class="cards">
              {result.value.cards.map((card) => (
                <li key={card.id}>
                  <Link to={`/cards/${card.id}`} class="card-link">
                    <PhoneCard card={card} />
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
      <section class="panel" aria-labelledby="add-title">
        <h2 id="add-title">{t.home.addTitle}</h2>
        <p class="soft">{t.home.addText}</p>
        <OperatorList />
        <PasteLink />
      </section>
    </Page>
  );
}

function Empty(): JSX.Element {
  const { t } = useSession();
  return (
    <div class="empty">
      <svg viewBox="0 0 96 72" aria-hidden="true" focusable="false">
        <path d="M14 6h54l18 18v36a6 6 0 0 1-6 6H14a6 6 0 0 1-6-6V12a6 6 0 0 1 6-6z" />
        <rect x="22" y="26" width="24" height="20" rx="4" />
        <path d="M22 36h7M39 36h7M29 26v20M39 26v20" />
      </svg>
      <h2>{t.home.emptyTitle}</h2>
      <p class="soft">{t.home.emptyText}</p>
    </div>
  );
}

function Waiting({
  pending,
  onDropped,
}: {
  pending: PendingPresentation;
  onDropped: () => void;
}): JSX.Element {
  const { t, locale, wallet } = useSession();
  const { navigate } = useRouter();
  const drop = async (): Promise<void> => {
    await wallet.forget(pending.id);
    onDropped();
  };
  return (
    <section class="panel accent" aria-labelledby="waiting-title">
      <h2 id="waiting-title">{t.home.pendingTitle}</h2>
      <p>{fillText(t.home.pendingText, { app: askerName(pending.asker, locale) })}</p>
      <div class="side-by-side">
        <button type="button" class="secondary" onClick={() => void drop()}>
          {t.home.pendingDrop}
        </button>
        <button type="button" class="primary" onClick={() => navigate(pathOfLink(pending.link, 'request'))}>
          {t.home.pendingGo}
        </button>
      </div>
    </section>
  );
}

/** For links that did not open the wallet by themselves. */
function PasteLink(): JSX.Element {
  const { t } = useSession();
  const { navigate } = useRouter();
  const [link, setLink] = useState('');
  const [wrong, setWrong] = useState(false);
  const open = (event: Event): void => {
    event.preventDefault();
    const kind = linkKind(link.trim());
    setWrong(kind === undefined);
    if (kind !== undefined) navigate(pathOfLink(link.trim(), kind));
  };
  return (
    <details class="paste">
      <summary>
        <LinkIcon /> {t.home.pasteTitle}
      </summary>
      <form onSubmit={open}>
        <label for="link">{t.home.pasteLabel}</label>
        <div class="field-row">
          <input
            id="link"
            type="text"
            inputMode="url"
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            value={link}
            aria-invalid={wrong}
            aria-describedby={wrong ? 'link-problem' : undefined}
            onInput={(event) => setLink(event.currentTarget.value)}
          />
          <button type="submit" class="secondary">
            {t.home.pasteGo}
          </button>
        </div>
        <p id="link-problem" class="field-problem" role="status">
          {wrong ? t.home.pasteWrong : ''}
        </p>
      </form>
    </details>
  );
}
