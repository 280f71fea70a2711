import {
  type Choice,
  CONSENT_SECONDS,
  type Consent,
  type RememberedConsent,
  type StandingConsent,
} from '@attestel/oidc-bridge';
import { type GrantState, instantText, type JsonObject, standingOf } from '@attestel/scenarios';

/** DPV: shown to know who it is. What an app does with it stands in its notice. */
const PURPOSE = 'dpv:IdentityAuthentication';
/** What a bridge keeps of a card ends with the session, 8 h. */
const RETENTION_DAYS = 1;
/** The app learns its own name for the person whatever else they give. */
const ALWAYS = 'sub';
/** The same choice again is written down only when half of its time is over. */
const RENEWED_SECONDS = CONSENT_SECONDS / 2;

export type ConsentState = GrantState<{
  readonly data: readonly string[];
  readonly withheld?: readonly string[];
  readonly recipients: readonly string[];
  readonly notice: { readonly digest: string };
}>;

export interface LiveConsent {
  readonly id: string;
  readonly state: ConsentState;
}

/**
 * Whether it counts at that time, unix seconds. The ledger may be ahead of this node's clock: then it is as late as its
 * last line. Where a payload was erased nobody knows what it said.
 */
export const isLive = (state: ConsentState, at: number): boolean =>
  state.erased === 0 && standingOf(state, Math.max(at, state.changed)) === 'active';

/** Whether the person says the same as before, of the same, and that lasts a while. */
export const saysAlready = (state: ConsentState, choice: Choice, at: number): boolean =>
  same(consentOf(state).granted, choice.granted) &&
  same(consentOf(state).refused, choice.refused) &&
  same(state.scope.recipients, [choice.recipient]) &&
  state.scope.notice.digest === choice.notice.digest &&
  (state.effect.until ?? 0) - at > RENEWED_SECONDS;

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one) => b.includes(one));

export const consentOf = ({ scope }: ConsentState): Consent => ({
  granted: scope.data.filter((name) => name !== ALWAYS),
  refused: scope.withheld ?? [],
});

export const rememberedOf = (state: ConsentState): RememberedConsent => ({
  ...consentOf(state),
  notice: { digest: state.scope.notice.digest },
});

export const standingConsent = (clientId: string, { id, state }: LiveConsent): StandingConsent => ({
  ...{ clientId, ...consentOf(state), since: state.effect.from },
  until: state.effect.until ?? Number.MAX_SAFE_INTEGER,
  serial: id,
});

export interface Capturing {
  readonly clientId: string;
  readonly choice: Choice;
  /** Consent that it takes the place of. */
  readonly replaces: string | undefined;
  /** The bridge, by DID. */
  readonly controller: string;
  /** Where it keeps data, and whose law applies. */
  readonly jurisdiction: string;
  /** Unix seconds. */
  readonly now: number;
}

/** Parameters of `capture` of `data.consent`. */
export function captureOf(capturing: Capturing): JsonObject {
  const { clientId, choice, replaces, controller, jurisdiction, now } = capturing;
  return {
    scope: {
      ...{ subject: choice.subject, controller, recipients: [choice.recipient], service: clientId },
      ...{ purpose: PURPOSE, data: [ALWAYS, ...choice.granted], withheld: [...choice.refused] },
      ...{ notice: { ...choice.notice }, language: choice.locale, storage: [jurisdiction] },
      ...{ retentionDays: RETENTION_DAYS, jurisdiction, withdrawal: choice.withdrawal },
    },
    confirmation: { method: 'wallet-signature', evidence: choice.evidence },
    validUntil: instantText(now + CONSENT_SECONDS),
    ...(replaces === undefined ? {} : { replaces }),
  };
}
