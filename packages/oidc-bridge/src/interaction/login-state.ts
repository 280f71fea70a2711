import { z } from 'zod';
import type { Records } from '../store/records.ts';

const KIND = 'login';

const flowSchema = z.object({ id: z.string(), requestUri: z.string(), openBy: z.number() });

const loginSchema = z.object({
  /** SHA-256 of the secret in the browser's cookie. */
  browser: z.string(),
  expiresAt: z.number(),
  here: flowSchema.optional(),
  there: flowSchema.optional(),
  /** Who it is, once the wallet has answered; the person has not decided yet what the app may know. */
  outcome: z.object({ account: z.string(), mode: z.enum(['same-device', 'cross-device']) }).optional(),
  done: z.boolean(),
});

/** One sign-in under way, in the store so that a restart loses none. */
export type LoginState = z.output<typeof loginSchema>;
export type OfferedFlow = z.output<typeof flowSchema>;

export interface LoginStates {
  find(uid: string): LoginState | undefined;
  save(uid: string, login: LoginState): Promise<void>;
}

export const createLoginStates = (records: Records): LoginStates => ({
  find(uid) {
    const value = records.find(KIND, uid);
    return value && loginSchema.parse(value);
  },
  save: (uid, login) => records.put(KIND, uid, login, login.expiresAt),
});
