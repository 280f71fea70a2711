import { fillText } from '@attestel/core';
import type { Card } from '@attestel/openid/wallet';
import type { JSX } from 'preact';
import { formatDate } from '../i18n/format.ts';
import { useSession } from '../session.ts';
import type { PageConfig } from '../wallet/page-config.ts';

const HUES = 6;

/** Each operator has its colour: by its place in the configuration, else by its DID. Names tell them apart. */
export function hueOf(did: string, config: PageConfig): string {
  const place = config.operators.findIndex((operator) => operator.did === did);
  let sum = 0;
  for (const character of did) sum = (sum * 31 + character.charCodeAt(0)) % 9973;
  return `hue-${(place < 0 ? sum : place) % HUES}`;
}

/** A card as it looks: cut like a SIM, with the operator, the masked number and what is left of it. */
export function PhoneCard({ card }: { card: Card }): JSX.Element {
  const { t, locale, config } = useSession();
  const expired = card.state === 'expired';
  const date = formatDate(card.validUntil, locale);
  return (
    <div class={`phone-card ${hueOf(card.operator.did, config)}${expired ? ' expired' : ''}`}>
      <div class="phone-card-face">
        <p class="operator">{card.operator.name[locale]}</p>
        <svg class="chip" viewBox="0 0 44 34" aria-hidden="true" focusable="false">
          <rect x="1" y="1" width="42" height="32" rx="6" />
          <path d="M1 12h13M1 22h13M30 12h13M30 22h13M14 1v32M30 1v32M14 17h16" />
        </svg>
        <p class="number">{card.maskedNumber ?? t.card.hidden}</p>
        <p class="validity">{fillText(expired ? t.card.expiredOn : t.card.validUntil, { date })}</p>
        <Copies card={card} />
      </div>
    </div>
  );
}

/** A dot for each copy: full ones have not been shown to anybody. */
function Copies({ card }: { card: Card }): JSX.Element {
  const { t } = useSession();
  const text = fillText(card.copiesLeft === 1 ? t.card.copiesOne : t.card.copies, {
    left: card.copiesLeft,
    total: card.copiesTotal,
  });
  const dots = Array.from({ length: Math.min(card.copiesTotal, 12) }, (_, i) => i < card.copiesLeft);
  return (
    <p class="copies">
      <span class="visually-hidden">{text}</span>
      {dots.map((fresh, i) => (
        <span key={i} class={fresh ? 'dot fresh' : 'dot'} aria-hidden="true" />
      ))}
    </p>
  );
}
