import { fillText } from '@attestel/core';
import type { OfferPreview, PendingPresentation, ReceiveStep } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { claimLabel, inOrder } from '../i18n/format.ts';
import { Busy } from '../parts/busy.tsx';
import { CardsIcon, CheckIcon, LockIcon } from '../parts/icons.tsx';
import { Link } from '../parts/link.tsx';
import { OperatorList } from '../parts/operator-list.tsx';
import { Page } from '../parts/page.tsx';
import { hueOf } from '../parts/phone-card.tsx';
import { errorKeyOf, Problem } from '../parts/problem.tsx';
import { pathOfLink, useRouter } from '../router.ts';
import { useSession } from '../session.ts';
import { useAsync } from '../use-async.ts';
import { keepStorage } from '../wallet/open-wallet.ts';

const STEPS: readonly ReceiveStep[] = ['keys', 'authorise', 'issue', 'verify', 'store'];
/** After these the same offer can be tried again, with another PIN or a little later. */
const RETRY: readonly string[] = [
  'pin_required',
  'pin_malformed',
  'grant_refused',
  'issuer_unavailable',
  'resolver_unavailable',
  'answer_stale',
  'unreachable',
];

/** Accepting an offer: who offers what, PIN, progress, and on with the sign-in that waits. */
export function Add({ link }: { link: string }): JSX.Element {
  const { t, wallet } = useSession();
  const { result, reload } = useAsync(() => wallet.previewOffer(link), link);
  if (result.state === 'done') return <Offer link={link} preview={result.value} />;
  return (
    <Page title={t.add.title}>
      {result.state === 'running' ? (
        <Busy text={t.add.reading} />
      ) : (
        <>
          <Problem error={result.error}>
            {RETRY.includes(errorKeyOf(result.error, t)) && (
              <button type="button" class="text-button" onClick={reload}>
                {t.tryAgain}
              </button>
            )}
          </Problem>
          <section class="panel" aria-labelledby="other-title">
            <h2 id="other-title">{t.home.addTitle}</h2>
            <OperatorList />
          </section>
        </>
      )}
    </Page>
  );
}

type Progress = { readonly step: ReceiveStep | null; readonly error: unknown };

function Offer({ link, preview }: { link: string; preview: OfferPreview }): JSX.Element {
  const { t, locale, config, wallet } = useSession();
  const { navigate } = useRouter();
  const [pin, setPin] = useState('');
  const [progress, setProgress] = useState<Progress>({ step: null, error: null });
  const operator = preview.operator.name[locale];
  const accept = async (event: Event): Promise<void> => {
    event.preventDefault();
    setProgress({ step: 'keys', error: null });
    try {
      const card = await wallet.receive(link, {
        ...(preview.pin === null ? {} : { txCode: pin.trim() }),
        onStep: (step) => setProgress({ step, error: null }),
      });
      void keepStorage();
      const { path, goesOn } = nextPage(await wallet.pending(), card.id);
      navigate(path, { replace: true, flash: goesOn ? t.add.added : t.add.doneTitle });
    } catch (error) {
      setProgress({ step: null, error });
    }
  };
  return (
    <Page title={t.add.title} hideTitle>
      <div class="offer-head">
        <span class={`badge large ${hueOf(preview.operator.did, config)}`} aria-hidden="true">
          {[...operator][0]}
        </span>
        <h2 class="question">{fillText(t.add.from, { operator })}</h2>
        <p class="chip-ok">
          <CheckIcon /> {t.add.accredited}
        </p>
        <p class="soft small">{t.add.accreditedText}</p>
      </div>
      {progress.step === null ? (
        <form onSubmit={(event) => void accept(event)}>
          <Contents preview={preview} />
          {preview.pin !== null && (
            <PinField rule={preview.pin} value={pin} onInput={setPin} failed={progress.error !== null} />
          )}
          {progress.error !== null && <Problem error={progress.error} />}
          <div class="actions">
            <button type="submit" class="primary" data-action="add-card">
              {t.add.go}
            </button>
            <Link to="/" class="button plain">
              {t.cancel}
            </Link>
          </div>
        </form>
      ) : (
        <Steps step={progress.step} />
      )}
    </Page>
  );
}

/**
 * On with the sign-in that waits in this browser. One for another screen is not opened: whoever sent its
 * link could have planted it, so the person takes it up on the first page or lets it be (RFC 10027).
 */
export function nextPage(
  pending: readonly PendingPresentation[],
  cardId: string,
): { readonly path: string; readonly goesOn: boolean } {
  const own = pending.find(({ mode }) => mode === 'same-device');
  if (own !== undefined) return { path: pathOfLink(own.link, 'request'), goesOn: true };
  return { path: pending.length > 0 ? '/' : `/cards/${cardId}`, goesOn: false };
}

function Contents({ preview }: { preview: OfferPreview }): JSX.Element {
  const { t } = useSession();
  const copies = preview.copies === 1 ? t.add.copiesOne : fillText(t.add.copies, { count: preview.copies });
  const claims = inOrder(
    preview.claims.map((name) => ({ name })),
    t,
  );
  return (
    <section class="panel">
      <ul class="notes">
        <li>
          <LockIcon /> {t.add.stays}
        </li>
        <li>
          <CardsIcon /> {copies}
        </li>
      </ul>
      {claims.length > 0 && (
        <details class="inside">
          <summary>{t.add.inside}</summary>
          <ul class="tags">
            {claims.map(({ name }) => (
              <li key={name}>{claimLabel(name, t)}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function PinField(props: {
  rule: NonNullable<OfferPreview['pin']>;
  value: string;
  failed: boolean;
  onInput: (value: string) => void;
}): JSX.Element {
  const { t } = useSession();
  const { rule } = props;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.failed) input.current?.focus();
  }, [props.failed]);
  const form = rule.inputMode === 'numeric' ? t.add.pinHintNumeric : t.add.pinHintText;
  const hint =
    rule.length === null ? t.add.pinHint : `${t.add.pinHint} · ${fillText(form, { length: rule.length })}`;
  return (
    <div class="pin">
      <label for="pin">{t.add.pin}</label>
      <input
        id="pin"
        ref={input}
        class="pin-input"
        type="text"
        inputMode={rule.inputMode}
        autoComplete="one-time-code"
        autoCapitalize="off"
        spellcheck={false}
        maxLength={rule.length ?? 64}
        required
        value={props.value}
        aria-describedby="pin-hint"
        aria-invalid={props.failed}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <p id="pin-hint" class="soft small">
        {hint}
      </p>
    </div>
  );
}

function Steps({ step }: { step: ReceiveStep }): JSX.Element {
  const { t } = useSession();
  const at = STEPS.indexOf(step);
  return (
    <section class="panel">
      <p class="visually-hidden" role="status">
        {t.add.steps[step]}
      </p>
      <h2>{t.add.working}</h2>
      <ol class="steps">
        {STEPS.map((one, i) => (
          <li key={one} class={i < at ? 'done' : i === at ? 'now' : 'later'}>
            <span class="step-mark" aria-hidden="true">
              {i < at ? <CheckIcon /> : i === at ? <span class="spinner" /> : null}
            </span>
            {t.add.steps[one]}
          </li>
        ))}
      </ol>
    </section>
  );
}
