import type { Clock, Logger, Random, Route, Signer, Store, StoreWriter } from '@attestel/core';
import type { IssuerKeys, StatusCache } from '@attestel/credentials';
import type { DidResolver } from '@attestel/did';
import type { KeyStore } from '@attestel/keystore';
import type { Registry } from '@attestel/registry';
import type { VerifierErrorCode } from './errors.ts';
import type { FlowMode, FlowPhase } from './flow.ts';

export interface VerifierOptions {
  /** `decentralized_identifier:<did>` (OpenID4VP 1.0 §5.9.3); the `aud` of every presentation. */
  readonly clientId: string;
  /** DID URL of the key that signs request objects. */
  readonly kid: string;
  readonly signer: Signer;
  /** Origin under which wallets reach `/openid4vp/…`. */
  readonly baseUrl: string;
  /** Seals what rests in the store; a key of purpose `derivation` is made on first use. */
  readonly keyStore: KeyStore;
  readonly store: Store;
  readonly issuerKeys: IssuerKeys;
  /** For the keys under porting records, as they were when these were signed. */
  readonly resolver: DidResolver;
  readonly status: Pick<StatusCache, 'status'>;
  readonly registry: Registry;
  /** Type of the phone credential; `PHONE_NUMBER_VCT` where absent. */
  readonly vct?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface RequestInput {
  readonly mode: FlowMode;
  /** Claims asked beyond what every card must show: handle, hand-overs, warnings. */
  readonly claims: readonly string[];
  /** App the person signs in to; wallets show it (`verifier_info`). */
  readonly appClientId: string;
  /** Secret that only the browser which began has; completion needs it again. */
  readonly browserSecret: string;
  /** Where the wallet sends the browser back; same-device requests need one. */
  readonly returnUrl?: string;
  /** Seconds until an unopened request dies; a QR code's life. Default: the whole life. */
  readonly openWithinSeconds?: number;
}

export interface PresentationRequest {
  readonly id: string;
  readonly clientId: string;
  readonly requestUri: string;
  /** Milliseconds since 1970. */
  readonly openBy: number;
  readonly expiresAt: number;
}

export interface FlowState {
  readonly mode: FlowMode;
  readonly phase: FlowPhase | 'expired';
  readonly sequence: number;
  /** Why the last answer was refused; the flow may still be answered. */
  readonly failure: VerifierErrorCode | null;
  readonly openBy: number;
  readonly expiresAt: number;
  readonly answeredAt: number | null;
}

/** One hand-over as the card states it. */
export interface Porting {
  /** DID of the operator that handed over. */
  readonly from: string;
  /** Unix seconds. */
  readonly at: number;
  /** Compact JWS. */
  readonly record: string;
}

/** What a verified presentation says. */
export interface Presentation {
  readonly issuerDid: string;
  readonly vct: string;
  readonly handle: string;
  /** The warnings, and asked claims that were disclosed; without the handle. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly status: { readonly uri: string; readonly idx: number };
  /** Hand-overs of this line, oldest first: a chain to the issuer, signatures not verified yet. */
  readonly portings: readonly Porting[];
  /** Unix seconds. */
  readonly credentialExpiresAt: number;
  readonly verifiedAt: number;
  readonly mode: FlowMode;
  /** SHA-256 in hex of what the wallet sent: SD-JWT+KB, whose signatures nobody can guess. */
  readonly digest: string;
}

/** What the browser shows to finish: its secret, and on the same device the code the wallet brought. */
export interface Completion {
  readonly browserSecret: string;
  readonly responseCode?: string;
}

export interface Verifier {
  readonly clientId: string;
  createRequest(input: RequestInput): Promise<PresentationRequest>;
  /** The same, to be written by the caller in a transaction of its own. */
  prepareRequest(input: RequestInput): Promise<{
    readonly request: PresentationRequest;
    readonly insertIn: (writer: StoreWriter) => void;
  }>;
  /** Endpoints for wallets: request object and response. */
  readonly routes: readonly Route[];
  state(id: string): FlowState | undefined;
  /** Called after each change of a flow in this process. Returns the unsubscriber. */
  onChange(id: string, listener: (state: FlowState) => void): () => void;
  /**
   * The verified presentation, without finishing: nothing is consumed.
   * @throws other_browser, not_answered, request_unknown, request_used, or why the answer was refused
   */
  read(id: string, completion: Completion): Promise<Presentation>;
  /**
   * Verifies the hand-overs of a presentation from the given one on to its issuer.
   * @throws presentation_invalid
   */
  verifyPortings(presentation: Presentation, first: number): Promise<void>;
  /** Finishes a flow inside the caller's transaction; the same checks as {@link Verifier.read}. */
  completeIn(writer: StoreWriter, id: string, completion: Completion): void;
  /** `read` and `completeIn` in a transaction of their own. */
  complete(id: string, completion: Completion): Promise<Presentation>;
  /** Forgets a flow nobody needs any more. */
  cancelIn(writer: StoreWriter, id: string): void;
}
