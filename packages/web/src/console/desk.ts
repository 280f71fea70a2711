import type { Locale } from '@attestel/core';
import type { LedgerTrust } from '@attestel/did/verify';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ConsoleConfig } from '../server/console-routes.ts';
import type { Api } from './api/client.ts';
import type { Session } from './api/types.ts';
import type { Texts } from './i18n/en.ts';
import type { Names } from './model/names.ts';

/** What every page has at hand once somebody has signed in. */
export interface Desk {
  readonly api: Api;
  readonly config: ConsoleConfig;
  readonly trust: LedgerTrust;
  readonly session: Session;
  readonly names: Names;
  readonly locale: Locale;
  readonly t: Texts;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

/** @throws TypeError outside of the signed-in part of the page */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new TypeError('console: nobody has signed in');
  return desk;
}
