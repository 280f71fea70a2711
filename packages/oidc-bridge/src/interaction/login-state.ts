import type { FlowMode } from '@attestel/openid/verifier';
import type { Records } from '../store/records.ts';

const KIND = 'login';

export interface OfferedFlow {
  readonly id: string;
  readonly requestUri: string;
  readonly openBy: number;
}

/** One sign-in under way, in the store so that a restart loses none. */
export type LoginState = {
  /** SHA-256 of the secret in the browser's cookie. */
  readonly browser: string;
  readonly expiresAt: number;
  readonly here?: OfferedFlow;
  readonly there?: OfferedFlow;
  /** Who it is, once the wallet has answered; the person has not decided yet what the app may know. */
  readonly outcome?: { readonly account: string; readonly mode: FlowMode };
  readonly done: boolean;
};

export interface LoginStates {
  find(uid: string): LoginState | undefined;
  save(uid: string, login: LoginState): Promise<void>;
}

export const createLoginStates = (records: Records): LoginStates => ({
  // Sealed by us for this place: not an edge.
  find: (uid) => records.find(KIND, uid) as LoginState | undefined,
  save: (uid, login) => records.put(KIND, uid, login, login.expiresAt),
});
