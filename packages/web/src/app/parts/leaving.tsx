import { fillText, type Locale } from '@attestel/core';
import type { MatchingCard, RequestPreview } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import type { Texts } from '../i18n/en.ts';
import { claimLabel, claimText, inOrder } from '../i18n/format.ts';
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
          {rowsOf(card, t).map((claim) => (
            <Claim key={claim.name} {...{ card, claim, leaving, selection, onSelect }} />
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

/** A line of the list: a claim, with those that say nothing without it. */
interface Row {
  readonly name: string;
  readonly value: unknown;
  readonly with: readonly string[];
}

/**
 * "Number verified" is a word about the number, not a second thing that leaves; and that there are no
 * records of a move is one about the mark.
 */
function rowsOf(card: MatchingCard, t: Texts): Row[] {
  const claims = inOrder(card.disclosed, t);
  const isNone = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
  const joinedTo = ({ name, value }: (typeof claims)[number]): string | undefined => {
    if (name === 'phone_number_verified') return 'phone_number';
    return name === 'porting_records' && isNone(value) ? 'subscription_handle' : undefined;
  };
  const shown = claims.filter((claim) => !claims.some(({ name }) => name === joinedTo(claim)));
  return shown.map((claim) => ({
    ...claim,
    with: claims.filter((other) => joinedTo(other) === claim.name).map(({ name }) => name),
  }));
}

function Claim(props: {
  card: MatchingCard;
  claim: Row;
  leaving: readonly string[];
  selection: Selection;
  onSelect: (selection: Selection) => void;
}): JSX.Element {
  const { t, locale } = useSession();
  const { card, claim, leaving, selection, onSelect } = props;
  const leaves = leaving.includes(claim.name);
  const label = claimLabel(claim.name, t);
  const toggle = (): void => {
    const own = [claim.name, ...claim.with];
    const others = card.disclosed.map(({ name }) => name).filter((name) => !own.includes(name));
    const withheld = [...others.filter((name) => !leaving.includes(name)), ...(leaves ? own : [])];
    // A claim that cannot be left out alone takes others with it, or the switch stays as it is.
    const choice = choiceWithout(card, withheld) ?? (leaves ? choiceWithout(card, own) : 0);
    if (choice !== undefined) onSelect({ ...selection, choice });
  };
  return (
    <li class={leaves ? undefined : 'withheld'}>
      <span class="claim-mark" aria-hidden="true">
        {leaves ? <CheckIcon /> : <CrossIcon />}
      </span>
      <span class="grow">
        <span class="claim-name">{label}</span>
        {claim.name === 'subscription_handle' ? (
          <small>{t.present.handleText}</small>
        ) : (
          <span class="claim-value">
            {leaves ? shownValue(claim, leaving, t, locale) : t.present.withheld}
          </span>
        )}
      </span>
      {optionalClaims(card).includes(claim.name) && (
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

function shownValue(claim: Row, leaving: readonly string[], t: Texts, locale: Locale): string {
  const text = claimText(claim.name, claim.value, t, locale);
  const verified = claim.with.some((name) => leaving.includes(name));
  return verified ? fillText(t.values.verified ?? '', { number: text }) : text;
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
