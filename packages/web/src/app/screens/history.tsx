import { fillText } from '@attestel/core';
import type { HistoryEntry, HistoryKind } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import { claimLabel, formatDate, formatTime } from '../i18n/format.ts';
import { askerName } from '../parts/asker.tsx';
import { Busy } from '../parts/busy.tsx';
import { CheckIcon, CrossIcon, PlusIcon, RenewIcon, WarnIcon } from '../parts/icons.tsx';
import { Page } from '../parts/page.tsx';
import { Problem } from '../parts/problem.tsx';
import { useSession } from '../session.ts';
import { useAsync } from '../use-async.ts';

const ICONS: Record<HistoryKind, () => JSX.Element> = {
  added: PlusIcon,
  renewed: RenewIcon,
  removed: CrossIcon,
  presented: CheckIcon,
  refused: CrossIcon,
  rejected: WarnIcon,
};

/** What the wallet did, day by day. */
export function History(): JSX.Element {
  const { t, locale, wallet } = useSession();
  const { result } = useAsync(() => wallet.history(), 'history');
  return (
    <Page title={t.history.title} lead={t.history.lead}>
      {result.state === 'running' && <Busy text={t.loading} />}
      {result.state === 'failed' && <Problem error={result.error} />}
      {result.state === 'done' && result.value.length === 0 && (
        <p class="empty-text soft">{t.history.empty}</p>
      )}
      {result.state === 'done' &&
        byDay(result.value, locale).map(([day, entries]) => (
          <section key={day} aria-label={day}>
            <h2 class="day">{day}</h2>
            <ul class="panel events">
              {entries.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ul>
          </section>
        ))}
    </Page>
  );
}

function byDay(entries: readonly HistoryEntry[], locale: 'zh-CN' | 'en'): [string, HistoryEntry[]][] {
  const days = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const day = formatDate(entry.at, locale);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}

function Entry({ entry }: { entry: HistoryEntry }): JSX.Element {
  const { t, locale } = useSession();
  const Icon = ICONS[entry.kind];
  const operator = entry.operator?.name[locale] ?? '';
  const app = entry.asker === null ? '' : askerName(entry.asker, locale);
  const bridge = entry.asker?.bridge?.name[locale];
  const claims = entry.claims.map((name) => claimLabel(name, t)).join(t.and) || t.history.nothing;
  const shared = entry.kind === 'presented' || entry.kind === 'rejected';
  return (
    <li>
      <span class={`event-mark ${entry.kind}`} aria-hidden="true">
        <Icon />
      </span>
      <span class="grow">
        <span class="event-title">{fillText(t.history.kinds[entry.kind], { operator, app })}</span>
        {shared && <small>{fillText(t.history.shared, { claims })}</small>}
        {shared && bridge && <small>{fillText(t.history.via, { operator, bridge })}</small>}
        <small>
          <time dateTime={new Date(entry.at * 1000).toISOString()}>{formatTime(entry.at, locale)}</time>
        </small>
      </span>
    </li>
  );
}
