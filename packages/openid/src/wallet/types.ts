import type { DisplayName } from '@attestel/registry';
import type { RequestMode } from './presentation/request-object.schema.ts';

export type { RequestMode };

/** An accredited operator as the registry names it. */
export interface OperatorView {
  readonly did: string;
  readonly issuerUrl: string;
  readonly name: DisplayName;
}

/** The transaction code the operator gave the person on another way (OID4VCI 1.0 §4.1.1 `tx_code`). */
export interface PinRule {
  readonly inputMode: 'numeric' | 'text';
  readonly length: number | null;
}

/** What an offer would bring, before anything is accepted. */
export interface OfferPreview {
  readonly operator: OperatorView;
  readonly vct: string;
  /** Names of the claims the issuer announces; empty when it announces none. */
  readonly claims: readonly string[];
  readonly pin: PinRule | null;
  /** Copies that would be stored; each is shown once. */
  readonly copies: number;
}

export type ReceiveStep = 'authorise' | 'keys' | 'issue' | 'verify' | 'store';

/** `reusing`: no fresh copy is left, so two sign-ins could be told to be the same card. */
export type CardState = 'ready' | 'few-copies' | 'reusing' | 'expired';

/** One line of one person: a group of copies that differ in nothing a person cares about. */
export interface Card {
  readonly id: string;
  readonly operator: OperatorView;
  readonly vct: string;
  /** Never the whole number; null when the credential holds none. */
  readonly maskedNumber: string | null;
  /** Unix seconds. */
  readonly addedAt: number;
  readonly validUntil: number;
  readonly copiesLeft: number;
  readonly copiesTotal: number;
  readonly state: CardState;
  /** True when the person should ask the operator for new copies. */
  readonly renew: boolean;
}

export interface CardClaim {
  readonly name: string;
  readonly value: unknown;
}

export interface CardDetail extends Card {
  /** All claims of the credential, for the holder's eyes. */
  readonly claims: readonly CardClaim[];
}

/** Who asks, as the registry knows them. */
export interface AskerView {
  readonly verifierDid: string;
  /** The sign-in bridge; null when a member asks by itself. */
  readonly bridge: { readonly name: DisplayName; readonly url: string } | null;
  /** Member that runs the bridge, or that asks. */
  readonly operatedBy: { readonly did: string; readonly name: DisplayName };
  readonly app: {
    readonly clientId: string;
    readonly name: DisplayName;
    readonly purpose: DisplayName;
    readonly vouchedBy: { readonly did: string; readonly name: DisplayName };
  } | null;
  /** Origin the answer is sent to. */
  readonly origin: string;
}

/** A card that answers the request, and exactly what would leave. */
export interface MatchingCard {
  readonly card: Card;
  /** The claims of the first choice, with their values. */
  readonly disclosed: readonly CardClaim[];
  /**
   * Names of the claims that leave with each choice, the verifier's favourite first. A later choice keeps
   * some of the first one's claims back.
   */
  readonly choices: readonly (readonly string[])[];
  /** True when no fresh copy is left: the verifier could recognise a copy it saw before. */
  readonly copyReused: boolean;
}

export interface RequestPreview {
  readonly id: string;
  readonly asker: AskerView;
  /** `cross-device`: approving signs somebody in where the code was shown, wherever that is. */
  readonly mode: RequestMode;
  /** Names of the claims that are asked for, whether or not a card holds them. */
  readonly asked: readonly string[];
  readonly cards: readonly MatchingCard[];
}

export interface PresentationResult {
  /** Where the browser goes on; absent for a request that came from another device. */
  readonly redirectUri: string | null;
}

/** A request that was looked at but not answered, so that a card can be fetched in between. */
export interface PendingPresentation {
  readonly id: string;
  readonly link: string;
  readonly asker: AskerView;
  readonly mode: RequestMode;
  readonly at: number;
}

export type HistoryKind = 'added' | 'renewed' | 'removed' | 'presented' | 'refused' | 'rejected';

/** What the wallet did, for its owner. Holds no number and no handle. */
export interface HistoryEntry {
  readonly id: string;
  readonly at: number;
  readonly kind: HistoryKind;
  readonly cardId: string | null;
  readonly operator: OperatorView | null;
  readonly asker: AskerView | null;
  /** Names of the claims that left. */
  readonly claims: readonly string[];
}
