import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { WarnIcon } from '../../app/parts/icons.tsx';
import { dateText } from '../../installer/i18n/age.ts';
import { Scanner } from '../../installer/parts/scanner.tsx';
import { again, type Visit } from '../field/queue.ts';
import { tagOfText } from '../field/read-tag.ts';
import { useLanguage } from '../language.ts';
import type { PhoneDatabase } from '../phone/database.ts';
import { draftAgain, draftOfTag } from '../phone/draft.ts';
import { callerOf, type PageConfig } from '../phone/field-phone.ts';
import type { Identity } from '../phone/identity.ts';
import { useDraft } from '../use-draft.ts';
import { useHandIn } from '../use-hand-in.ts';
import { usePack } from '../use-pack.ts';
import { Standing } from './standing.tsx';
import { TextField } from './text-field.tsx';
import { VisitForm } from './visit-form.tsx';
import { VisitList } from './visit-list.tsx';

const now = (): number => Math.floor(Date.now() / 1000);

/** The inspector's work: what waits, the tag of the next device, the visit being filled in, and what became of the others. */
export function Field(props: {
  db: PhoneDatabase;
  config: PageConfig;
  identity: Identity;
  /** What a tag's link said; another one each time. */
  tag: { readonly text: string } | undefined;
}): JSX.Element {
  const { db, config, identity, tag } = props;
  const { t } = useLanguage();
  const caller = callerOf(identity, config);
  const pack = usePack(db, caller);
  const handing = useHandIn(db, caller, config);
  const { draft, keep, ended, isUnkept } = useDraft(db);
  const [message, setMessage] = useState<string | null>(null);
  const scan = (text: string): void => {
    const read = tagOfText(text);
    if (!read) setMessage(t.tagUnreadable);
    else if (!draft) keep(draftOfTag(read, now()));
    else setMessage(read.device === draft.device ? null : t.busyWith);
  };
  const isLoaded = draft !== undefined;
  useEffect(() => {
    if (tag && isLoaded) scan(tag.text);
  }, [tag, isLoaded]);
  const finished = (): void => {
    ended();
    setMessage(t.kept);
    void handing.run();
  };
  const fillAgain = async (visit: Visit): Promise<void> => {
    const [files, records] = await Promise.all([db.files(visit.id), db.records()]);
    const template = records.find(({ id }) => id === visit.record)?.template ?? null;
    keep(draftAgain(visit, files?.photo ?? null, template));
  };
  if (draft && pack.kept) {
    const form = { db, identity, draft, pack: pack.kept.pack, message, isUnkept };
    return <VisitForm {...form} onChange={keep} onFinished={finished} />;
  }
  return (
    <>
      <h1>{t.title}</h1>
      <Ended until={identity.appointment.until} />
      <Standing {...{ appointment: identity.appointment, handing, pack }} />
      <section class="panel asking" aria-labelledby="scan-title">
        <h2 id="scan-title">{t.scanTitle}</h2>
        <Scanner t={t} onText={scan} />
        <TextField id="tag-text" label={t.pasteTag} go={t.pasteGo} onText={scan} />
        <p class="small" role="status">
          {message}
        </p>
      </section>
      <VisitList
        {...{ db, visits: handing.visits, devices: pack.kept?.pack.devices ?? [] }}
        onAgain={(visit) => void db.putVisit(again(visit)).then(handing.run)}
        onFill={(visit) => void fillAgain(visit)}
      />
    </>
  );
}

function Ended({ until }: { until: number }): JSX.Element | null {
  const { t, locale } = useLanguage();
  if (until > now()) return null;
  return (
    <p class="hint warn" role="alert">
      <WarnIcon />
      {fillText(t.ended, { date: dateText(until, locale) })}
    </p>
  );
}
