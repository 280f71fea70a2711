import { toBase64url, unixSeconds } from '@attestel/core';
import { maskNumber } from '@attestel/credentials/holder';
import { type BookPorts, retiredKeys, sweepKeys } from '../cards/card-book.ts';
import { fail } from '../errors.ts';
import { historyChanges } from '../history.ts';
import { textDigest } from '../sha256.ts';
import type { StoredCard, StoredCopy } from '../storage/wallet-storage.ts';
import type { BoundCredential, Issuance } from './redeem-offer.ts';
import type { ResolvedOffer } from './resolve-offer.ts';

/**
 * Stores a verified batch as one card, in one durable write. A line the wallet already holds (the same
 * handle: renewed, re-issued, or ported to another operator) keeps its card and loses its old copies.
 */
export async function storeIssuance(
  resolved: ResolvedOffer,
  issuance: Issuance,
  ports: BookPorts,
): Promise<string> {
  const { line, maskedNumber } = await lineOf(issuance.credentials, resolved.operator.issuerUrl);
  const known = (await ports.storage.list('cards')).find((card) => card.line === line);
  const card: StoredCard = {
    id: known?.id ?? toBase64url(ports.random.bytes(12)),
    operator: resolved.operator,
    vct: resolved.vct,
    line,
    maskedNumber,
    addedAt: unixSeconds(ports.clock),
  };
  const old = (await ports.storage.list('copies')).filter((copy) => copy.cardId === card.id);
  const retired = retiredKeys(old, ports.random);
  const kind = known === undefined ? 'added' : 'renewed';
  await ports.storage.write([
    { collection: 'cards', put: card },
    ...issuance.credentials.map(
      (one) => ({ collection: 'copies', put: toCopy(one, card.id, ports) }) as const,
    ),
    ...old.map(({ id }) => ({ collection: 'copies', delete: id }) as const),
    { collection: 'issuances', put: retired },
    { collection: 'issuances', delete: issuance.issuanceId },
    ...(await historyChanges({ kind, cardId: card.id, operator: card.operator }, ports)),
  ]);
  await sweepKeys(retired, ports);
  return card.id;
}

/** All copies of a batch are of one line: anything else would show one person's sign-ins as another's. */
async function lineOf(credentials: readonly BoundCredential[], issuerUrl: string) {
  const lines = credentials.map(({ claims }) => ({
    handle: claims.subscription_handle,
    number: claims.phone_number,
  }));
  const [first] = lines;
  if (first === undefined || lines.some((l) => l.handle !== first.handle || l.number !== first.number)) {
    throw fail('credential_invalid', { field: 'subscription_handle' });
  }
  // 256 random bits: the digest tells nothing (unlike a digest of the number, used only without handle).
  const identity = typeof first.handle === 'string' ? first.handle : `${issuerUrl} ${String(first.number)}`;
  return { line: await textDigest(identity), maskedNumber: maskNumber(first.number) };
}

const toCopy = (credential: BoundCredential, cardId: string, ports: BookPorts): StoredCopy => ({
  id: toBase64url(ports.random.bytes(12)),
  cardId,
  sdJwt: credential.sdJwt,
  keyRef: credential.keyRef,
  expiresAt: credential.expiresAt,
  uses: 0,
  seenBy: [],
});
