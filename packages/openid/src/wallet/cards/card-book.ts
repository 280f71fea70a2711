import { type Clock, type Random, toBase64url, unixSeconds } from '@attestel/core';
import { readClaims, selectiveNames } from '../credential-view.ts';
import { fail } from '../errors.ts';
import { historyChanges } from '../history.ts';
import type { WalletKeys } from '../keys/wallet-keys.ts';
import type { StoredCard, StoredCopy, WalletStorage } from '../storage/wallet-storage.ts';
import type { Card, CardDetail } from '../types.ts';
import { toCardView } from './card-view.ts';
import { chooseCopy } from './choose-copy.ts';

export interface BookPorts {
  readonly storage: WalletStorage;
  readonly keys: WalletKeys;
  readonly clock: Clock;
  readonly random: Random;
}

/** A card with the copy that would be shown to a verifier. */
export interface ReadyCard {
  readonly card: Card;
  readonly copy: StoredCopy;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly selective: readonly string[];
}

export interface CardBook {
  list(): Promise<readonly Card[]>;
  detail(cardId: string): Promise<CardDetail>;
  remove(cardId: string): Promise<void>;
  /** Cards that can be shown to this verifier now. */
  ready(clientId: string): Promise<readonly ReadyCard[]>;
  /** Takes the copy to show and counts it as used, durably, before it can leave. */
  takeCopy(cardId: string, clientId: string): Promise<StoredCopy>;
}

/** Members of a credential that say nothing to a person. */
const TECHNICAL = new Set([
  'iss',
  'vct',
  'cnf',
  'status',
  'iat',
  'nbf',
  'exp',
  '_sd',
  '_sd_alg',
  'vct#integrity',
]);

/** The cards in the wallet and their copies. */
export function createCardBook(ports: BookPorts): CardBook {
  const { storage, clock } = ports;
  let turn: Promise<unknown> = Promise.resolve();
  /** One at a time: two answers must never take the same fresh copy. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work, work);
    turn = result.catch(() => undefined);
    return result;
  };
  const copiesOf = async (cardId: string): Promise<StoredCopy[]> =>
    (await storage.list('copies')).filter((copy) => copy.cardId === cardId);
  const find = async (cardId: string): Promise<StoredCard> => {
    const card = await storage.get('cards', cardId);
    if (card === undefined) throw fail('card_unknown');
    return card;
  };
  const view = async (card: StoredCard): Promise<Card> =>
    toCardView(card, await copiesOf(card.id), unixSeconds(clock));

  return {
    async list() {
      const cards = await Promise.all((await storage.list('cards')).map(view));
      return cards.sort((a, b) => b.addedAt - a.addedAt || (a.id < b.id ? -1 : 1));
    },
    async detail(cardId) {
      const card = await find(cardId);
      const [copy] = (await copiesOf(cardId)).sort((a, b) => b.expiresAt - a.expiresAt);
      const claims = copy === undefined ? {} : await readClaims(copy.sdJwt);
      const shown = Object.entries(claims).filter(([name]) => !TECHNICAL.has(name));
      return { ...(await view(card)), claims: shown.map(([name, value]) => ({ name, value })) };
    },
    remove: (cardId) => inTurn(async () => removeCard(await find(cardId), await copiesOf(cardId), ports)),
    async ready(clientId) {
      const ready = await Promise.all(
        (await storage.list('cards')).map(async (card) => {
          const copies = await copiesOf(card.id);
          const copy = chooseCopy(copies, clientId, unixSeconds(clock));
          if (copy === undefined) return [];
          const claims = await readClaims(copy.sdJwt);
          const selective = selectiveNames(copy.sdJwt, claims);
          return [{ card: await view(card), copy, claims, selective }];
        }),
      );
      return ready.flat().sort((a, b) => b.card.addedAt - a.card.addedAt);
    },
    takeCopy: (cardId, clientId) =>
      inTurn(async () => {
        const copy = chooseCopy(await copiesOf(cardId), clientId, unixSeconds(clock));
        if (copy === undefined) throw fail('no_matching_card');
        const seenBy = [...new Set([...copy.seenBy, clientId])];
        await storage.write([{ collection: 'copies', put: { ...copy, uses: copy.uses + 1, seenBy } }]);
        return copy;
      }),
  };
}

async function removeCard(card: StoredCard, copies: readonly StoredCopy[], ports: BookPorts): Promise<void> {
  const retired = retiredKeys(copies, ports.random);
  await ports.storage.write([
    { collection: 'cards', delete: card.id },
    ...copies.map(({ id }) => ({ collection: 'copies', delete: id }) as const),
    { collection: 'issuances', put: retired },
    ...(await historyChanges({ kind: 'removed', operator: card.operator }, ports)),
  ]);
  await sweepKeys(retired, ports);
}

/** Keys whose copies are gone: written down in the write that drops the copies, destroyed after it. */
export const retiredKeys = (copies: readonly StoredCopy[], random: Random) => ({
  id: toBase64url(random.bytes(16)),
  at: 0,
  keyRefs: copies.map((copy) => copy.keyRef),
});

export async function sweepKeys(
  entry: { readonly id: string; readonly keyRefs: readonly string[] },
  ports: Pick<BookPorts, 'keys' | 'storage'>,
): Promise<void> {
  for (const ref of entry.keyRefs) await ports.keys.destroy(ref);
  await ports.storage.write([{ collection: 'issuances', delete: entry.id }]);
}
