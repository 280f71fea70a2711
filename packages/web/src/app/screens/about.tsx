import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { CheckIcon, WarnIcon } from '../parts/icons.tsx';
import { Page } from '../parts/page.tsx';
import { useSession } from '../session.ts';
import { useAsync } from '../use-async.ts';
import { isStorageKept, keepStorage } from '../wallet/open-wallet.ts';

/** What a browser wallet can lose, and how to get it back: in plain words. */
export function About(): JSX.Element {
  const { t } = useSession();
  return (
    <Page title={t.about.title} lead={t.about.lead}>
      <List title={t.about.loseTitle} items={t.about.lose} />
      <section class="panel" aria-labelledby="restore">
        <h2 id="restore">{t.about.restoreTitle}</h2>
        <ol class="numbered">
          {t.about.restore.map((item) => (
            <li key={item}>{item}</li>
          ))}
        </ol>
        <p class="soft small">{t.about.restoreNote}</p>
      </section>
      <section class="panel accent" aria-labelledby="lost">
        <h2 id="lost">{t.about.lostTitle}</h2>
        <p>{t.about.lost}</p>
      </section>
      <Storage />
      <List title={t.about.seesTitle} items={t.about.sees} />
    </Page>
  );
}

const List = ({ title, items }: { title: string; items: readonly string[] }): JSX.Element => (
  <section class="panel">
    <h2>{title}</h2>
    <ul class="bullets">
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  </section>
);

function Storage(): JSX.Element {
  const { t } = useSession();
  const { result, reload } = useAsync(isStorageKept, 'kept');
  const [refused, setRefused] = useState(false);
  const ask = async (): Promise<void> => {
    const kept = await keepStorage();
    setRefused(!kept);
    if (kept) reload();
  };
  const kept = result.state === 'done' && result.value;
  return (
    <section class="panel" aria-labelledby="storage">
      <h2 id="storage">{t.about.storageTitle}</h2>
      <p class={kept ? 'hint ok' : 'hint warn'} role="status">
        {kept ? <CheckIcon /> : <WarnIcon />}
        {kept ? t.about.kept : refused ? t.about.keepRefused : t.about.notKept}
      </p>
      {!kept && (
        <button type="button" class="secondary" onClick={() => void ask()}>
          {t.about.keepGo}
        </button>
      )}
    </section>
  );
}
