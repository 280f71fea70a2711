import type { Locale } from '@attestel/core';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Texts } from './i18n/en.ts';
import type { OpenedWallet } from './wallet/open-wallet.ts';

/** What every screen works with. */
export interface Session extends OpenedWallet {
  readonly locale: Locale;
  readonly t: Texts;
  setLocale(locale: Locale): void;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new TypeError('no session around this screen');
  return session;
}
