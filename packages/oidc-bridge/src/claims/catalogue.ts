import { APP_CLAIMS, type AppClaim } from '@attestel/registry';

/** Claims the bridge passes on: what apps may register for. Every one is optional for the person. */
export const CLAIMS = APP_CLAIMS;
export type ClaimName = AppClaim;

export const isClaimName = (name: string): name is ClaimName => (CLAIMS as readonly string[]).includes(name);

/** Scopes as bundles of claims (OIDC Core §5.4); `line` is ours. */
export const SCOPES = {
  phone: ['phone_number', 'phone_number_verified'],
  line: [
    'country',
    'mobile_operator',
    'sim_unchanged_72h',
    'sim_unchanged_30d',
    'tenure_over_1y',
    'binding_changed_at',
    'binding_pending',
  ],
} as const satisfies Record<string, readonly ClaimName[]>;

export type ScopeName = keyof typeof SCOPES;

/** `phone_number_verified` says something about the number and goes with it. */
export const toggleOf = (claim: ClaimName): ClaimName =>
  claim === 'phone_number_verified' ? 'phone_number' : claim;

/**
 * What a SIM thief would like to hide (specs/line-and-person.md). Not the person's to refuse, because nobody
 * can tell who is in front of the page: an app that is registered for them and asks gets them.
 */
export const WARNINGS: readonly ClaimName[] = ['binding_changed_at', 'binding_pending'];

export const isWarning = (claim: string): boolean => (WARNINGS as readonly string[]).includes(claim);

/** Whether an app's registry record covers a claim. */
export const isRegistered = (claim: ClaimName, registered: readonly string[]): boolean =>
  registered.includes(claim) || registered.includes(toggleOf(claim));
