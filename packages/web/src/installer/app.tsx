import type { Locale } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { initialLocale, storeLocale } from '../app/i18n/locale.ts';
import { type CheckPorts, checkDevice, type Outcome } from './check/check-device.ts';
import { type Device, deviceOfFragment } from './check/read-device.ts';
import { TEXTS } from './i18n/texts.ts';
import { LanguageContext } from './language.ts';
import { Asking } from './parts/asking.tsx';
import { Checking } from './parts/checking.tsx';
import { Kept } from './parts/kept.tsx';
import { Result } from './parts/result.tsx';

/** What is going on: nothing yet, devices being checked, the answer about the last one, or unreadable input. */
type Work =
  | { readonly state: 'idle' }
  | { readonly state: 'checking'; readonly done: number; readonly all: number }
  | { readonly state: 'done'; readonly outcome: Outcome };

export function App({ ports }: { ports: CheckPorts }): JSX.Element {
  const [locale, setLocale] = useState<Locale>(initialLocale);
  const [work, setWork] = useState<Work>({ state: 'idle' });
  const t = TEXTS[locale];
  const language = useMemo(() => ({ locale, t }), [locale, t]);
  useEffect(() => {
    document.documentElement.lang = locale;
    document.title = t.brand;
  }, [locale, t]);
  const check = async (devices: readonly Device[]): Promise<void> => {
    let worst: Outcome | undefined;
    for (const [done, device] of devices.entries()) {
      setWork({ state: 'checking', done, all: devices.length });
      const outcome = await checkDevice(device, ports);
      // Of several, the first that must not be installed is the answer.
      if (!worst || (worst.failure === null && outcome.failure !== null)) worst = outcome;
    }
    if (worst) setWork({ state: 'done', outcome: worst });
  };
  useLabelInAddress(check);
  const choose = (): void => {
    const next = locale === 'en' ? 'zh-CN' : 'en';
    storeLocale(next);
    setLocale(next);
  };
  return (
    <LanguageContext.Provider value={language}>
      <div class="shell">
        <a class="skip" href="#content">
          {t.skip}
        </a>
        <header class="top">
          <span class="brand">{t.brand}</span>
          <button type="button" class="language" lang={locale === 'en' ? 'zh-CN' : 'en'} onClick={choose}>
            {t.language}
          </button>
        </header>
        <main id="content" class="page">
          <h1>{t.title}</h1>
          <Answer work={work} now={ports.fresh.now()} onAgain={(device) => void check([device])} />
          {work.state !== 'done' && <p class="lead">{t.lead}</p>}
          <Asking proofs={ports.proofs} onDevices={(devices) => void check(devices)} />
          <Kept proofs={ports.proofs} now={ports.fresh.now()} onDevice={(device) => void check([device])} />
        </main>
      </div>
    </LanguageContext.Provider>
  );
}

/** A label is a link to this page with the device behind `#`: any phone's camera app opens it. */
function useLabelInAddress(check: (devices: readonly Device[]) => Promise<void>): void {
  useEffect(() => {
    const look = (): void => {
      const device = deviceOfFragment(location.hash);
      if (!device) return;
      // Not in the history: what was checked stays on this page.
      history.replaceState(null, '', location.pathname);
      void check([device]);
    };
    look();
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
}

function Answer(props: { work: Work; now: number; onAgain: (device: Device) => void }): JSX.Element {
  const { work, now, onAgain } = props;
  return (
    <div class="answer" aria-live="polite">
      {work.state === 'checking' && <Checking done={work.done} all={work.all} />}
      {work.state === 'done' && <Result outcome={work.outcome} now={now} onAgain={onAgain} />}
    </div>
  );
}
