import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { ArrowIcon } from '../../app/parts/icons.tsx';
import type { KeptProofs } from '../check/kept-proofs.ts';
import type { Device } from '../check/read-device.ts';
import { ageText } from '../i18n/age.ts';
import { useLanguage } from '../language.ts';

const SHOWN = 50;

/** Devices that can be checked where there is no network. */
export function Kept(props: {
  proofs: KeptProofs;
  now: number;
  onDevice: (device: Device) => void;
}): JSX.Element | null {
  const { t, locale } = useLanguage();
  const kept = props.proofs.all().slice(0, SHOWN);
  if (kept.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="kept">
      <h2 id="kept">{t.kept}</h2>
      <p class="soft small">{t.keptHint}</p>
      <ul class="rows">
        {kept.map(({ device, fetched }) => (
          <li key={device.hash}>
            <button type="button" class="row" onClick={() => props.onDevice(device)}>
              <span class="grow">
                {device.name ?? `${device.hash.slice(0, 16)}…`}
                <small>{fillText(t.keptAge, { age: ageText(props.now - fetched, locale) })}</small>
              </span>
              <ArrowIcon />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
