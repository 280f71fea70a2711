import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { CheckIcon, CrossIcon, HistoryIcon, WarnIcon } from '../../app/parts/icons.tsx';
import { dateText } from '../../installer/i18n/age.ts';
import type { Refusal, Visit } from '../field/queue.ts';
import { secondsOfInstant } from '../field/shift.ts';
import type { Device } from '../field/types.ts';
import type { Advice, Texts } from '../i18n/en.ts';
import { useLanguage } from '../language.ts';
import type { PhoneDatabase } from '../phone/database.ts';
import { useObjectUrl } from '../use-object-url.ts';

interface Actions {
  readonly onAgain: (visit: Visit) => void;
  readonly onFill: (visit: Visit) => void;
}

const SHOWN = 100;

/** Visits, newest first: what waits, what the node recorded with its remarks, what it refused and what to do about it. */
export function VisitList(
  props: { db: PhoneDatabase; visits: readonly Visit[]; devices: readonly Device[] } & Actions,
): JSX.Element {
  const { t } = useLanguage();
  const { db, visits, devices, ...actions } = props;
  return (
    <section class="panel" aria-labelledby="visits-title">
      <h2 id="visits-title">{t.visits}</h2>
      {visits.length === 0 && <p class="soft">{t.noVisits}</p>}
      <ul class="visits">
        {visits.slice(0, SHOWN).map((visit) => (
          <Row
            key={visit.id}
            {...{ db, visit, device: devices.find(({ id }) => id === visit.item.device), ...actions }}
          />
        ))}
      </ul>
    </section>
  );
}

function Row(props: { db: PhoneDatabase; visit: Visit; device: Device | undefined } & Actions): JSX.Element {
  const { db, visit, device, onAgain, onFill } = props;
  const { t, locale } = useLanguage();
  const { item, state } = visit;
  return (
    <li class={`visit-row ${state.at}`} data-state={state.at}>
      <p class="visit-head">
        <StateIcon visit={visit} />
        <span class="grow">
          {device ? `${device.model} ${device.serial}` : item.device.slice(0, 8)}
          <small>{dateText(secondsOfInstant(item.time), locale)}</small>
        </span>
        <strong>{t.states[state.at]}</strong>
      </p>
      {state.at === 'taken' && <Flags flags={state.flags} />}
      {state.at === 'refused' && <Refused refusal={state.refusal} {...{ visit, onAgain, onFill }} />}
      <SavePhoto db={db} visit={visit} />
    </li>
  );
}

function StateIcon({ visit: { state } }: { visit: Visit }): JSX.Element {
  if (state.at === 'waiting') return <HistoryIcon />;
  if (state.at === 'refused') return <CrossIcon />;
  return state.flags.length > 0 ? <WarnIcon /> : <CheckIcon />;
}

function Flags({ flags }: { flags: readonly string[] }): JSX.Element {
  const { t } = useLanguage();
  if (flags.length === 0) return <p class="small soft">{t.noFlags}</p>;
  return (
    <div class="small">
      <p>{t.flagged}</p>
      <ul class="bullets">
        {flags.map((flag) => (
          <li key={flag} data-flag={flag}>
            {fillText(t.rule, { rule: flag, text: t.flags[flag] ?? '' })}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Refused(props: { refusal: Refusal; visit: Visit } & Actions): JSX.Element {
  const { refusal, visit, onAgain, onFill } = props;
  const { t } = useLanguage();
  const { kind, advice } = adviceOn(refusal, t);
  return (
    <div class="refusal">
      <dl class="mend">
        <dt>{t.why}</dt>
        <dd>
          {fillText(advice.reason, { code: refusal.code, field: refusal.field.split('/').at(-1) ?? '' })}
        </dd>
        <dt>{t.who2}</dt>
        <dd>{advice.mend}</dd>
      </dl>
      {kind === 'form' || kind === 'template' ? (
        <button type="button" class="secondary" onClick={() => onFill(visit)}>
          {t.fillAgain}
        </button>
      ) : (
        <button type="button" class="secondary" onClick={() => onAgain(visit)}>
          {t.tryAgain}
        </button>
      )}
    </div>
  );
}

function adviceOn({ code, field }: Refusal, { refusals }: Texts): { kind: string; advice: Advice } {
  const place = field.split('/')[1] ?? '';
  const kind =
    place === 'form' || place === 'device' || place === 'time'
      ? place
      : field === '/head/template'
        ? 'template'
        : code;
  const advice = refusals[kind] ?? (refusals.other as Advice);
  return { kind, advice };
}

/** Photos are the inspector's to pass on: they are nowhere but here. */
function SavePhoto({ db, visit }: { db: PhoneDatabase; visit: Visit }): JSX.Element {
  const { t } = useLanguage();
  const [photo, setPhoto] = useState<Blob | null>(null);
  const url = useObjectUrl(photo);
  const name = `${visit.item.time.slice(0, 10)}-${visit.item.photo.slice(0, 12)}`;
  return (
    <details onToggle={() => void db.files(visit.id).then((files) => setPhoto(files?.photo ?? null))}>
      <summary>{t.photo}</summary>
      {url && <img class="photo" src={url} alt={t.photoAlt} />}
      {url && (
        <a class="button secondary" href={url} download={name}>
          {t.savePhoto}
        </a>
      )}
    </details>
  );
}
