import { type Clock, isAppError, unixSeconds } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import type { RegistryClient } from '@attestel/registry';
import type { CardBook, ReadyCard } from '../cards/card-book.ts';
import { fail } from '../errors.ts';
import { type HistoryPorts, historyChanges } from '../history.ts';
import type { ProtocolPorts } from '../protocol-callbacks.ts';
import { textDigest } from '../sha256.ts';
import type { StoredRequest } from '../storage/wallet-storage.ts';
import type { MatchingCard, PendingPresentation, PresentationResult, RequestPreview } from '../types.ts';
import { fetchRequestObject, newWalletNonce } from './fetch-request-object.ts';
import { identifyAsker } from './identify-asker.ts';
import { askedClaims, type Choice, choicesOf, parseQuery, type Query } from './match-cards.ts';
import { parseRequestLink } from './request-link.ts';
import { buildVpToken, sendRefusal, sendVpToken } from './respond.ts';
import { type VerifiedRequest, verifyRequestObject } from './verify-request-object.ts';

/** How long a request waits for a card to be fetched. The verifier's own limit may be shorter. */
const PENDING_SECONDS = 15 * 60;

export interface PresenterPorts extends ProtocolPorts, HistoryPorts {
  readonly resolver: DidResolver;
  readonly registry: RegistryClient;
  readonly clock: Clock;
}

/** What the person decided: which card, and which of the ways it can answer. */
export interface Decision {
  /** The newest matching card where absent. */
  readonly cardId?: string | undefined;
  /** Index into the card's `choices`; the first where absent. */
  readonly choice?: number | undefined;
}

export interface Presenter {
  previewRequest(link: string): Promise<RequestPreview>;
  approve(requestId: string, decision: Decision): Promise<PresentationResult>;
  refuse(requestId: string): Promise<PresentationResult>;
  pending(): Promise<readonly PendingPresentation[]>;
  forget(requestId: string): Promise<void>;
  /** Drops requests nobody waits for any more. */
  sweep(): Promise<void>;
}

/** A request that was verified and whose asker is known. */
interface OpenRequest {
  readonly verified: VerifiedRequest;
  readonly query: Query;
  readonly preview: Omit<RequestPreview, 'cards'>;
}

export function createPresenter(ports: PresenterPorts, book: CardBook): Presenter {
  const open = new Map<string, OpenRequest>();
  const openRequest = async (link: string): Promise<OpenRequest> => {
    const request = await readRequest(await noteRequest(link, ports), ports);
    open.set(request.preview.id, request);
    return request;
  };
  /** The request as it was shown. A request object that expired meanwhile is fetched again. */
  const current = async (requestId: string): Promise<OpenRequest> => {
    const known = open.get(requestId);
    const stored = await ports.storage.get('requests', requestId);
    if (stored === undefined) throw fail('request_unknown');
    if (known !== undefined && known.verified.expiresAt > unixSeconds(ports.clock)) return known;
    const fresh = await openRequest(stored.link);
    if (known !== undefined && essence(known) !== essence(fresh)) throw fail('request_changed');
    return fresh;
  };
  const close = async (requestId: string): Promise<void> => {
    open.delete(requestId);
    await ports.storage.write([{ collection: 'requests', delete: requestId }]);
  };
  return {
    async previewRequest(link) {
      const request = await openRequest(link);
      return { ...request.preview, cards: (await candidatesFor(request, book)).map(toMatchingCard) };
    },
    async approve(requestId, decision) {
      const request = await current(requestId);
      const result = await answer(request, decision, ports, book);
      await close(requestId);
      return result;
    },
    async refuse(requestId) {
      const request = await current(requestId);
      const { asker } = request.preview;
      await ports.storage.write(await historyChanges({ kind: 'refused', asker }, ports));
      await close(requestId);
      return sendRefusal(request.verified, ports);
    },
    async pending() {
      const since = unixSeconds(ports.clock) - PENDING_SECONDS;
      const requests = await ports.storage.list('requests');
      return requests
        .flatMap(({ asker, mode = 'cross-device', ...request }) =>
          asker === null ? [] : [{ ...request, asker, mode }],
        )
        .filter((request) => request.at >= since)
        .sort((a, b) => b.at - a.at);
    },
    async sweep() {
      const before = unixSeconds(ports.clock) - PENDING_SECONDS;
      const old = (await ports.storage.list('requests')).filter((request) => request.at < before);
      await ports.storage.write(old.map(({ id }) => ({ collection: 'requests', delete: id })));
    },
    forget: close,
  };
}

/** Writes the request down before it is fetched: a second fetch must carry the same wallet nonce. */
async function noteRequest(link: string, ports: PresenterPorts): Promise<StoredRequest> {
  const parsed = parseRequestLink(link);
  const id = await textDigest(link);
  const known = await ports.storage.get('requests', id);
  const note = known ?? { id, link, walletNonce: newWalletNonce(parsed, ports.random), asker: null };
  const put = { ...note, at: unixSeconds(ports.clock) };
  await ports.storage.write([{ collection: 'requests', put }]);
  return put;
}

async function readRequest(note: StoredRequest, ports: PresenterPorts): Promise<OpenRequest> {
  const link = parseRequestLink(note.link);
  const fetched = await fetchRequestObject(link, note.walletNonce, ports.fetch);
  const verified = await verifyRequestObject(link, fetched, ports);
  const query = parseQuery(verified.request.dcql_query);
  const asked = askedClaims(query);
  const asker = await identifyAsker(verified, asked, ports.registry);
  const { mode } = verified;
  await ports.storage.write([{ collection: 'requests', put: { ...note, asker, mode } }]);
  return { verified, query, preview: { id: note.id, asker, mode, asked } };
}

/** What the person decided on: if any of this differs, the decision does not count. */
const essence = ({ verified, query, preview }: OpenRequest): string =>
  JSON.stringify([verified.link.clientId, verified.responseUri.href, query, preview.asker, preview.mode]);

interface Candidate {
  readonly ready: ReadyCard;
  readonly choices: readonly Choice[];
}

async function candidatesFor(request: OpenRequest, book: CardBook): Promise<readonly Candidate[]> {
  const cards = await book.ready(request.verified.link.clientId);
  return cards.flatMap((card) => {
    const choices = choicesOf(request.query, { vct: card.card.vct, ...card });
    return choices.length === 0 ? [] : [{ ready: card, choices }];
  });
}

const toMatchingCard = ({ ready: { card, copy, claims }, choices }: Candidate): MatchingCard => ({
  card,
  copyReused: copy.uses > 0,
  disclosed: namesOf(choices[0] ?? []).map((name) => ({ name, value: claims[name] })),
  choices: choices.map(namesOf),
});

const namesOf = (choice: Choice): string[] => [...new Set(choice.flatMap((answer) => answer.disclose))];

async function answer(
  request: OpenRequest,
  { cardId, choice: index = 0 }: Decision,
  ports: PresenterPorts,
  book: CardBook,
): Promise<PresentationResult> {
  const candidates = await candidatesFor(request, book);
  const chosen = candidates.find(({ ready }) => cardId === undefined || ready.card.id === cardId);
  const choice = chosen?.choices[index];
  if (chosen === undefined || choice === undefined) throw fail('no_matching_card');
  const { card } = chosen.ready;
  const copy = await book.takeCopy(card.id, request.verified.link.clientId);
  const answers = choice.map((one) => ({ answer: one, copy }));
  const vpToken = await buildVpToken(request.verified, answers, ports);
  const entry = {
    cardId: card.id,
    operator: card.operator,
    asker: request.preview.asker,
    claims: namesOf(choice),
  };
  try {
    const result = await sendVpToken(request.verified, vpToken, ports);
    await ports.storage.write(await historyChanges({ kind: 'presented', ...entry }, ports));
    return result;
  } catch (error) {
    if (isAppError(error) && error.code === 'response_refused') {
      await ports.storage.write(await historyChanges({ kind: 'rejected', ...entry }, ports));
    }
    throw error;
  }
}
