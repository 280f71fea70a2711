import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** Which page the address names. */
export type Place =
  | { readonly page: 'home' }
  | { readonly page: 'add'; readonly link: string }
  | { readonly page: 'present'; readonly link: string }
  | { readonly page: 'card'; readonly id: string }
  | { readonly page: 'history' }
  | { readonly page: 'about' };

/** Address → page. Anything unknown is the first page. */
export function placeOf(href: string): Place {
  const { pathname } = new URL(href);
  if (pathname === '/add') return { page: 'add', link: href };
  if (pathname === '/present') return { page: 'present', link: href };
  if (pathname === '/history') return { page: 'history' };
  if (pathname === '/about') return { page: 'about' };
  const card = /^\/cards\/([A-Za-z0-9_-]{1,64})$/.exec(pathname)?.[1];
  return card === undefined ? { page: 'home' } : { page: 'card', id: card };
}

/** Goes to another page of the wallet. `replace` drops the current one: its link is used up. */
export type Navigate = (path: string, options?: { replace?: boolean; flash?: string }) => void;

export interface Router {
  readonly place: Place;
  readonly navigate: Navigate;
  /** A message the previous page leaves for this one. */
  readonly flash: string | null;
}

export const RouterContext = createContext<Router>({
  place: { page: 'home' },
  navigate: () => undefined,
  flash: null,
});

export const useRouter = (): Router => useContext(RouterContext);

/** A link of any app → the path of this wallet that handles it. */
export function pathOfLink(link: string, kind: 'offer' | 'request'): string {
  return `${kind === 'offer' ? '/add' : '/present'}${new URL(link).search}`;
}
