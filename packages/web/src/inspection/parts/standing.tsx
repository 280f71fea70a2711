import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { CheckIcon, RenewIcon } from '../../app/parts/icons.tsx';
import { ageText, dateText } from '../../installer/i18n/age.ts';
import { type Language, useLanguage } from '../language.ts';
import type { KeptPack } from '../phone/field-phone.ts';
import type { Appointment } from '../phone/identity.ts';
import type { Handing } from '../use-hand-in.ts';
import type { PackInUse } from '../use-pack.ts';

/** Who inspects, what waits to be handed in, and how old the forms are. */
export function Standing(props: {
  appointment: Appointment;
  handing: Handing;
  pack: PackInUse;
}): JSX.Element {
  const { appointment, handing, pack } = props;
  const { t, locale } = useLanguage();
  const { name, province, shift, until } = appointment;
  return (
    <section class="panel standing">
      <div>
        <h2>{fillText(t.who, { name, province })}</h2>
        <p class="soft small">
          {fillText(t.shift, { from: shift.from, until: shift.until })}
          {' · '}
          {fillText(t.until, { date: dateText(until, locale) })}
        </p>
      </div>
      <Waiting handing={handing} />
      <div class="line">
        <p class="small grow">{packText(pack.kept, { t, locale })}</p>
        <button type="button" class="text-button" onClick={pack.fetch}>
          <RenewIcon />
          {t.packFetch}
        </button>
      </div>
      {pack.problem && <p class="field-problem">{fillText(t.packFailed, { code: pack.problem })}</p>}
    </section>
  );
}

function packText(kept: KeptPack | undefined, { t, locale }: Language): string {
  if (!kept) return t.packNone;
  const age = ageText(Date.now() / 1000 - kept.fetched, locale);
  return fillText(kept.pack.isWhole ? t.pack : t.packPart, { devices: kept.pack.devices.length, age });
}

function Waiting({ handing }: { handing: Handing }): JSX.Element {
  const { t } = useLanguage();
  const { visits, isRunning, isOnline, stopped, run } = handing;
  const count = visits.filter(({ state }) => state.at === 'waiting').length;
  const refused = visits.filter(({ state }) => state.at === 'refused').length;
  const why = isOnline ? stopped : null;
  return (
    <div class={count + refused > 0 ? 'hand-in some' : 'hand-in'} role="status">
      <p>
        <strong>{isOnline ? t.online : t.offline}</strong>
        {' · '}
        {count > 0 ? fillText(isRunning ? t.sending : t.waits, { count }) : t.nothingWaits}
        {count + refused === 0 && <CheckIcon />}
      </p>
      {refused > 0 && <p class="small">{fillText(t.refusedCount, { count: refused })}</p>}
      {why !== null && count > 0 && (
        <p class="small">{t.stopped[why] ?? fillText(t.stopped.other ?? '', { code: why })}</p>
      )}
      {count > 0 && isOnline && !isRunning && (
        <button type="button" class="secondary" onClick={() => void run()}>
          {t.sendNow}
        </button>
      )}
    </div>
  );
}
