import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { BOARDS, type Board } from './model/scenarios.ts';

/** Which page the address names. */
export type Place =
  | { readonly page: 'modules' }
  | { readonly page: 'objects'; readonly module: string }
  | { readonly page: 'object'; readonly module: string; readonly id: string }
  | { readonly page: 'board'; readonly board: Board };

/** Where somebody is: page, channel, and what else stands in the query string. */
export interface Location {
  readonly place: Place;
  readonly channel: string;
  readonly query: URLSearchParams;
}

const MODULE = '([a-z][A-Za-z0-9.-]{0,63}@[A-Za-z0-9.-]{1,32})';
const OBJECTS = new RegExp(`^/console/modules/${MODULE}$`);
const OBJECT = new RegExp(`^/console/objects/${MODULE}/([0-9a-f]{32})$`);
const MAIN = 'main';

/** Address → page. Anything unknown is the first page. */
export function locationOf(href: string): Location {
  const { pathname, searchParams } = new URL(href);
  return {
    place: placeOf(decoded(pathname)),
    channel: searchParams.get('channel') ?? MAIN,
    query: searchParams,
  };
}

function placeOf(path: string): Place {
  const board = BOARDS.find((name) => path === `/console/boards/${name}`);
  if (board) return { page: 'board', board };
  const [, module = '', id = ''] = OBJECT.exec(path) ?? OBJECTS.exec(path) ?? [];
  if (id !== '') return { page: 'object', module, id };
  return module === '' ? { page: 'modules' } : { page: 'objects', module };
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return '';
  }
}

/** Page → address; `main` goes without saying. */
export function addressOf(
  place: Place,
  channel: string,
  query: { readonly [name: string]: string } = {},
): string {
  const search = new URLSearchParams({ ...(channel === MAIN ? {} : { channel }), ...query }).toString();
  return `${pathOf(place)}${search === '' ? '' : `?${search}`}`;
}

function pathOf(place: Place): string {
  switch (place.page) {
    case 'modules':
      return '/console';
    case 'objects':
      return `/console/modules/${place.module}`;
    case 'object':
      return `/console/objects/${place.module}/${place.id}`;
    case 'board':
      return `/console/boards/${place.board}`;
  }
}

export interface Router extends Location {
  readonly navigate: (address: string) => void;
}

export const RouterContext = createContext<Router>({
  ...locationOf('http://localhost/console'),
  navigate: () => undefined,
});

export const useRouter = (): Router => useContext(RouterContext);
