import { fillText } from '@attestel/core';
import type { CardDetail } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { claimLabel, claimText, formatDate, inOrder } from '../i18n/format.ts';
import { Busy } from '../parts/busy.tsx';
import { BackIcon, EyeIcon, RenewIcon } from '../parts/icons.tsx';
import { Link } from '../parts/link.tsx';
import { Page } from '../parts/page.tsx';
import { PhoneCard } from '../parts/phone-card.tsx';
import { Problem } from '../parts/problem.tsx';
import { useRouter } from '../router.ts';
import { useSession } from '../session.ts';
import { useAsync } from '../use-async.ts';

/** One card: what it says, how much of it is left, renewing and removing. */
export function CardScreen({ id }: { id: string }): JSX.Element {
  const { t, wallet } = useSession();
  const { result } = useAsync(() => wallet.card(id), id);
  return (
    <Page title={t.card.title} hideTitle>
      <Link to="/" class="back">
        <BackIcon /> {t.nav.cards}
      </Link>
      {result.state === 'running' && <Busy text={t.loading} />}
      {result.state === 'failed' && <Problem error={result.error} />}
      {result.state === 'done' && <Detail card={result.value} />}
    </Page>
  );
}

function Detail({ card }: { card: CardDetail }): JSX.Element {
  const { t, locale } = useSession();
  return (
    <>
      <PhoneCard card={card} />
      <p class="soft small copies-text">
        <span>
          {fillText(card.copiesLeft === 1 ? t.card.copiesOne : t.card.copies, {
            left: card.copiesLeft,
            total: card.copiesTotal,
          })}
        </span>
        <span>{fillText(t.card.added, { date: formatDate(card.addedAt, locale) })}</span>
      </p>
      {card.renew && <Renew card={card} />}
      <Inside card={card} />
      <Remove card={card} />
    </>
  );
}

function Renew({ card }: { card: CardDetail }): JSX.Element {
  const { t, locale, config } = useSession();
  const operator = card.operator.name[locale];
  const texts = {
    ready: t.card.renewSoon,
    'few-copies': t.card.renewFew,
    reusing: t.card.renewReusing,
    expired: t.card.renewExpired,
  };
  const addUrl = config.operators.find((one) => one.did === card.operator.did)?.addUrl;
  return (
    <section class="panel accent" aria-labelledby="renew">
      <h2 id="renew">{t.card.renewTitle}</h2>
      <p>{fillText(texts[card.state], { operator })}</p>
      {addUrl !== undefined && (
        <a class="button secondary" href={addUrl} rel="noreferrer">
          <RenewIcon /> {fillText(t.card.renewGo, { operator })}
        </a>
      )}
    </section>
  );
}

/** The number is masked until its owner wants to see it: screens are shared and photographed. */
function Inside({ card }: { card: CardDetail }): JSX.Element {
  const { t, locale } = useSession();
  const [open, setOpen] = useState(false);
  return (
    <section class="panel" aria-labelledby="inside">
      <div class="panel-head">
        <h2 id="inside">{t.card.inside}</h2>
        <button type="button" class="text-button" aria-pressed={open} onClick={() => setOpen(!open)}>
          <EyeIcon /> {open ? t.card.hide : t.card.show}
        </button>
      </div>
      <dl class="facts">
        <div>
          <dt>{t.card.issuer}</dt>
          <dd>{card.operator.name[locale]}</dd>
        </div>
        {inOrder(card.claims, t).map(({ name, value }) => (
          <div key={name}>
            <dt>{claimLabel(name, t)}</dt>
            <dd>{open && name === 'phone_number' ? String(value) : claimText(name, value, t, locale)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Remove({ card }: { card: CardDetail }): JSX.Element {
  const { t, wallet } = useSession();
  const { navigate } = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const remove = async (): Promise<void> => {
    await wallet.remove(card.id);
    dialog.current?.close();
    navigate('/', { replace: true, flash: t.card.removed });
  };
  return (
    <>
      <button type="button" class="plain danger" onClick={() => dialog.current?.showModal()}>
        {t.card.remove}
      </button>
      <dialog ref={dialog} aria-labelledby="remove-title">
        <h2 id="remove-title">{t.card.removeTitle}</h2>
        <p>{t.card.removeText}</p>
        <div class="side-by-side">
          <button type="button" class="secondary" onClick={() => dialog.current?.close()}>
            {t.cancel}
          </button>
          <button type="button" class="primary danger" onClick={() => void remove()}>
            {t.card.removeGo}
          </button>
        </div>
      </dialog>
    </>
  );
}
