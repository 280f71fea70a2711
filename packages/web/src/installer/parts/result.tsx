import { fillText } from '@attestel/core';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { CheckIcon, CrossIcon, RenewIcon } from '../../app/parts/icons.tsx';
import { type Outcome, STEPS, type Step } from '../check/check-device.ts';
import type { Device } from '../check/read-device.ts';
import { ageText } from '../i18n/age.ts';
import { useLanguage } from '../language.ts';
import { Facts } from './facts.tsx';

/** Green, or the step that failed, why, and who can mend it. Colour is never the only sign. */
export function Result(props: {
  outcome: Outcome;
  now: number;
  onAgain: (device: Device) => void;
}): JSX.Element {
  const { outcome, now, onAgain } = props;
  const { t } = useLanguage();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [outcome]);
  const { device, failure, proven } = outcome;
  const text = failure && t.failures[failure.why];
  return (
    <article class={failure ? 'result bad' : 'result good'} data-verdict={failure?.why ?? 'good'}>
      <div class="result-head">
        <span class="result-mark">{failure ? <CrossIcon /> : <CheckIcon />}</span>
        <div class="grow">
          <p class="small">{device.name ?? t.unnamed}</p>
          <h2 ref={heading} tabIndex={-1}>
            {text ? `${t.bad}: ${text.title}` : t.good}
          </h2>
        </div>
      </div>
      {text ? (
        <dl class="mend">
          <dt>{t.why}</dt>
          <dd>{text.reason}</dd>
          <dt>{t.who}</dt>
          <dd>{text.mend}</dd>
        </dl>
      ) : (
        <p>{t.goodText}</p>
      )}
      <Age outcome={outcome} now={now} />
      <Steps failed={failure?.step} />
      {proven && <Facts device={device} proven={proven} />}
      <button type="button" class="secondary" onClick={() => onAgain(device)}>
        <RenewIcon />
        {t.again}
      </button>
    </article>
  );
}

/** How old the answer is, always told. */
function Age({ outcome, now }: { outcome: Outcome; now: number }): JSX.Element | null {
  const { t, locale } = useLanguage();
  if (!outcome.proven) return null;
  const age = ageText(now - outcome.proven.checkpointTime, locale);
  return (
    <div class={outcome.isFresh ? 'age' : 'age old'}>
      <p>{fillText(outcome.isFresh ? t.fresh : t.offline, { age })}</p>
      {!outcome.isFresh && <p class="small">{t.offlineHint}</p>}
    </div>
  );
}

function Steps({ failed }: { failed: Step | undefined }): JSX.Element {
  const { t } = useLanguage();
  const at = failed === undefined ? STEPS.length : STEPS.indexOf(failed);
  return (
    <section aria-labelledby="steps">
      <h3 id="steps">{t.steps}</h3>
      <ol class="steps">
        {STEPS.map((step, i) => {
          const state = i < at ? 'passed' : i === at ? 'failed' : 'skipped';
          return (
            <li key={step} class={state}>
              {state === 'passed' ? <CheckIcon /> : state === 'failed' ? <CrossIcon /> : <DashIcon />}
              {t.step[step]}
              <span class="visually-hidden">: {t[state]}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const DashIcon = (): JSX.Element => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M7 12h10" />
  </svg>
);
