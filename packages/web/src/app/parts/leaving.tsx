import { fillText } from '@attestel/core';
import type { MatchingCard, RequestPreview } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import { claimLabel, claimText } from '../i18n/format.ts';
import { useSession } from '../session.ts';
import { CheckIcon, CrossIcon, LockIcon, WarnIcon } from './icons.tsx';

/** Which card answers, and which of its choices. */
export interface Selection {
  readonly cardId: string;
  readonly choice: number;
}

export const startSelection = (preview: RequestPreview): Selection => ({
  cardId: preview.cards[0]?.card.id ?? '',
  choice: 0,
});

/** Names that another choice keeps back. */
export const optionalClaims = (card: MatchingCard): string[] =>
  (card.choices[0] ?? []).filter((name) => card.choices.some((choice) => !choice.includes(name)));

/** The first choice without any of the names; undefined when every choice holds one of them. */
export function choiceWithout(card: MatchingCard, withheld: readonly string[]): number | undefined {
  const index = card.choices.findIndex((choice) => withheld.every((name) => !choice.includes(name)));
  return index < 0 ? undefined : index;
}

/** What leaves the phone, with which card; claims that may stay have a switch. */
export function Leaving(props: {
  preview: RequestPreview;
  selection: Selection;
  onSelect: (selection: Selection) => void;
}): JSX.Element | null {
  const { t } = useSession();
  const { preview, selection, onSelect } = props;
  const card = preview.cards.find((one) => one.card.id === selection.cardId) ?? preview.cards[0];
  if (card === undefined) return null;
  const leaving = card.choices[selection.choice] ?? [];
  return (
    <>
      {preview.cards.length > 1 && <CardChoice {...props} />}
      <section class="panel" aria-labelledby="leaves">
        <h2 id="leaves">{t.present.leaves}</h2>
        <ul class="claims">
          {card.disclosed.map(({ name, value }) => (
            <Claim
              key={name}
              card={card}
              name={name}
              value={value}
              leaving={leaving}
              {...{ selection, onSelect }}
            />
          ))}
        </ul>
        <p class="always soft small">{t.present.always}</p>
        {!leaving.includes('phone_number') && (
          <p class="keeps" role="status">
            <LockIcon /> {t.present.keeps}
          </p>
        )}
        <p class="soft small origin">
          <LockIcon /> {fillText(t.present.leavesText, { origin: new URL(preview.asker.origin).host })}
        </p>
      </section>
      {card.copyReused && (
        <p class="hint warn">
          <WarnIcon /> {t.present.reused}
        </p>
      )}
      {preview.cards.length === 1 && <UsedCard card={card} />}
    </>
  );
}

function Claim(props: {
  card: MatchingCard;
  name: string;
  value: unknown;
  leaving: readonly string[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
}): JSX.Element {
  const { t, locale } = useSession();
  const { card, name, leaving, selection, onSelect } = props;
  const leaves = leaving.includes(name);
  const label = claimLabel(name, t);
  const toggle = (): void => {
    const all = card.disclosed.map((claim) => claim.name);
    const withheld = all.filter((one) => (one === name ? leaves : !leaving.includes(one)));
    // What cannot be left out alone takes others with it, or the switch stays as it is.
    const choice = choiceWithout(card, leaves ? withheld : withheld.filter((one) => one !== name));
    if (choice !== undefined) onSelect({ ...selection, choice });
  };
  return (
    <li class={leaves ? undefined : 'withheld'}>
      <span class="claim-mark" aria-hidden="true">
        {leaves ? <CheckIcon /> : <CrossIcon />}
      </span>
      <span class="grow">
        <span class="claim-name">{label}</span>
        <span class="claim-value">
          {leaves ? claimText(name, props.value, t, locale) : t.present.withheld}
        </span>
        {name === 'subscription_handle' && <small>{t.present.handleText}</small>}
      </span>
      {optionalClaims(card).includes(name) && (
        <button
          type="button"
          class="switch"
          role="switch"
          aria-checked={leaves}
          aria-label={fillText(t.present.optional, { claim: label })}
          onClick={toggle}
        >
          <span aria-hidden="true" />
        </button>
      )}
    </li>
  );
}

function CardChoice(props: {
  preview: RequestPreview;
  selection: Selection;
  onSelect: (selection: Selection) => void;
}): JSX.Element {
  const { t, locale } = useSession();
  return (
    <fieldset class="panel choose">
      <legend>{t.present.with}</legend>
      {props.preview.cards.map(({ card }) => (
        <label key={card.id} class="row">
          <input
            type="radio"
            name="card"
            value={card.id}
            checked={card.id === props.selection.cardId}
            onChange={() => props.onSelect({ cardId: card.id, choice: 0 })}
          />
          <span class="grow">
            {card.operator.name[locale]}
            <small>{card.maskedNumber ?? t.card.hidden}</small>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function UsedCard({ card }: { card: MatchingCard }): JSX.Element {
  const { t, locale } = useSession();
  return (
    <p class="used-card soft small">
      {t.present.with}: <strong>{card.card.operator.name[locale]}</strong> {card.card.maskedNumber}
    </p>
  );
}
