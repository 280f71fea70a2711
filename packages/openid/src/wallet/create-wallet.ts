import { type Clock, type Random, systemRandom } from '@attestel/core';
import type { DidResolver } from '@attestel/did';
import type { RegistryClient } from '@attestel/registry';
import { createCardBook } from './cards/card-book.ts';
import { createGuardedFetch, type Fetch } from './guarded-fetch.ts';
import { listHistory } from './history.ts';
import { createReceiver } from './issuance/receiver.ts';
import { isOfferLink } from './issuance/resolve-offer.ts';
import type { WalletKeys } from './keys/wallet-keys.ts';
import { createPresenter, type Decision } from './presentation/presenter.ts';
import { isRequestLink } from './presentation/request-link.ts';
import { openLibraryUrlGate } from './protocol-callbacks.ts';
import type { WalletStorage } from './storage/wallet-storage.ts';
import type {
  Card,
  CardDetail,
  HistoryEntry,
  OfferPreview,
  PendingPresentation,
  PresentationResult,
  ReceiveStep,
  RequestPreview,
} from './types.ts';

const DEFAULT_COPIES = 10;

export interface WalletOptions {
  readonly storage: WalletStorage;
  readonly keys: WalletKeys;
  readonly fetch: Fetch;
  readonly registry: RegistryClient;
  readonly resolver: DidResolver;
  readonly clock: Clock;
  readonly random?: Random;
  /** Copies to ask for; the issuer may allow fewer. */
  readonly copies?: number;
}

export interface ReceiveOptions {
  readonly txCode?: string | undefined;
  readonly onStep?: (step: ReceiveStep) => void;
}

/** A person's wallet: gets phone cards from operators and shows them to sign-in bridges. */
export interface Wallet {
  /** What an offer would bring; refused unless its issuer is accredited. */
  previewOffer(link: string): Promise<OfferPreview>;
  /** Gets the card of an offer. Everything is verified and durable when it resolves. */
  receive(link: string, options?: ReceiveOptions): Promise<Card>;
  cards(): Promise<readonly Card[]>;
  card(cardId: string): Promise<CardDetail>;
  /** Forgets a card, its copies and its keys. */
  remove(cardId: string): Promise<void>;
  /** Who asks, and what would leave from which card; the request then waits for an answer. */
  previewRequest(link: string): Promise<RequestPreview>;
  /** Answers a previewed request with a copy of a matching card. */
  approve(requestId: string, decision?: Decision): Promise<PresentationResult>;
  /** Tells the verifier that the person said no. */
  refuse(requestId: string): Promise<PresentationResult>;
  /** Requests that wait for an answer, the newest first. */
  pending(): Promise<readonly PendingPresentation[]>;
  /** Drops a waiting request without a word. */
  forget(requestId: string): Promise<void>;
  history(): Promise<readonly HistoryEntry[]>;
  /** Clears what interrupted issuances and unanswered requests left behind. Call it at start. */
  sweep(): Promise<void>;
}

export function createWallet(options: WalletOptions): Wallet {
  openLibraryUrlGate();
  const { storage, copies = DEFAULT_COPIES, random = systemRandom } = options;
  const ports = { ...options, random, fetch: createGuardedFetch(options.fetch) };
  const book = createCardBook(ports);
  const receiver = createReceiver(ports, copies);
  const presenter = createPresenter(ports, book);
  return {
    previewOffer: receiver.previewOffer,
    async receive(link, request = {}) {
      const cardId = await receiver.receive(link, request);
      return book.detail(cardId);
    },
    cards: book.list,
    card: book.detail,
    remove: book.remove,
    previewRequest: presenter.previewRequest,
    approve: (requestId, decision = {}) => presenter.approve(requestId, decision),
    refuse: presenter.refuse,
    pending: presenter.pending,
    forget: presenter.forget,
    history: () => listHistory(storage),
    async sweep() {
      await receiver.sweep();
      await presenter.sweep();
    },
  };
}

/** What a link is for, by its parameters alone. */
export function linkKind(link: string): 'offer' | 'request' | undefined {
  if (isOfferLink(link)) return 'offer';
  return isRequestLink(link) ? 'request' : undefined;
}
