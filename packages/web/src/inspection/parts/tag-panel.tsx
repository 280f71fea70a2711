import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { CheckIcon, WarnIcon } from '../../app/parts/icons.tsx';
import { isGenuine } from '../field/read-tag.ts';
import type { Device } from '../field/types.ts';
import { useLanguage } from '../language.ts';
import type { Draft } from '../phone/draft.ts';

/** Which device it is, and whether its tag is genuine: said at once, so that the inspector can look again. */
export function TagPanel({ draft, device }: { draft: Draft; device: Device | undefined }): JSX.Element {
  const { t } = useLanguage();
  const [genuine, setGenuine] = useState<boolean | undefined>(undefined);
  const tagKey = device?.tagKey;
  useEffect(() => {
    const tag = { text: draft.tag, device: draft.device };
    if (tagKey) void isGenuine(tag, tagKey).then(setGenuine);
    else setGenuine(device ? false : undefined);
  }, [draft.tag, tagKey]);
  const text = genuine === undefined ? t.tagOpen : genuine ? t.tagGood : t.tagBad;
  return (
    <section class="panel" aria-label={t.deviceFacts}>
      {device ? (
        <p>{[device.type, device.vendor, device.serial, device.city, device.site].join(' · ')}</p>
      ) : (
        <p class="soft">{t.unknownDeviceHint}</p>
      )}
      <p class={genuine === false ? 'hint warn' : 'hint'} role="status">
        {genuine === false ? <WarnIcon /> : <CheckIcon />}
        {text}
      </p>
    </section>
  );
}
