import { AppError, type ErrorKind, isAppError, type JsonValue } from '@attestel/core';
import type {
  HistoryLine,
  ItemProof,
  JsonObject,
  Member,
  ObjectPage,
  ObjectView,
  PayloadView,
  Session,
} from './types.ts';

/** Object of a module in a channel. */
export interface ObjectName {
  readonly channel: string;
  /** `name@version`. */
  readonly module: string;
  readonly id: string;
}

export type ModuleName = Omit<ObjectName, 'id'>;

export interface Filter {
  readonly status?: string | undefined;
  readonly party?: string | undefined;
  readonly after?: JsonObject | undefined;
  readonly limit: number;
}

export interface Api {
  signIn(code: string): Promise<Session>;
  session(): Promise<Session>;
  signOut(): Promise<void>;
  members(): Promise<readonly Member[]>;
  objects(name: ModuleName, filter: Filter): Promise<ObjectPage>;
  object(name: ObjectName): Promise<ObjectView>;
  history(name: ObjectName): Promise<readonly HistoryLine[]>;
  payload(name: ModuleName, line: string): Promise<PayloadView>;
  item(name: ModuleName, line: string, number: number): Promise<ItemProof>;
  query<T>(name: ModuleName, query: string, args: Arguments): Promise<T>;
  /** Runs a command: on an object whose last line is `head`, or one that begins an object. */
  run(
    name: ModuleName,
    moved: { readonly id: string; readonly head: string } | undefined,
    command: string,
    data: JsonValue,
  ): Promise<{ readonly line: string }>;
  /** Receipt of a key of the ledger's state. */
  receipt(module: string, key: string, form: 'path' | 'full'): Promise<string>;
}

export type Arguments = { readonly [name: string]: string | number | readonly string[] };

const API = '/console/api';
const TIMEOUT_MS = 30_000;

/**
 * @param onSignedOut told when the node says that nobody is signed in: the session is over, or the node was started anew
 * @throws (from its functions) AppError with the node's code; `unreachable` where it does not answer
 */
export function createApi(fetchFrom: typeof fetch, onSignedOut: () => void): Api {
  const call = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    try {
      return (await read(await ask(fetchFrom, path, init))) as T;
    } catch (error) {
      if (isAppError(error) && error.code === 'console_signed_out') onSignedOut();
      throw error;
    }
  };
  const post = (body: JsonValue): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const query = async <T>(name: ModuleName, which: string, args: Arguments): Promise<T> => {
    const { result } = await call<{ result: T }>(`${pathOf(name)}/queries/${which}${searchOf(args)}`);
    return result;
  };
  return {
    signIn: (code) => call(`${API}/session`, post({ code })),
    session: () => call(`${API}/session`),
    signOut: () => call(`${API}/session`, { method: 'DELETE' }),
    members: () => call('/v1/registry/members'),
    objects: (name, { after, ...filter }) =>
      query(name, 'objects', { ...defined(filter), ...(after ? { after: JSON.stringify(after) } : {}) }),
    object: ({ id, ...name }) => call(`${pathOf(name)}/${id}`),
    history: async ({ id, ...name }) =>
      (await call<{ lines: readonly HistoryLine[] }>(`${pathOf(name)}/${id}/history`)).lines,
    payload: (name, line) => call(`${pathOf(name)}/lines/${line}`),
    item: (name, line, number) => call(`${pathOf(name)}/lines/${line}/items/${number}`),
    query,
    run: (name, moved, command, data) =>
      call(`${pathOf(name)}/${command}${searchOf({ ...moved })}`, post(data)),
    receipt: async (module, key, form) => {
      const path = [module, ...key.split('/')].map(encodeURIComponent).join('/');
      return (await call<{ receipt: string }>(`${API}/ledger/state/${path}?receipt=${form}`)).receipt;
    },
  };
}

const pathOf = ({ channel, module }: ModuleName): string =>
  `${API}/contracts/${encodeURIComponent(module)}/${encodeURIComponent(channel)}`;

const defined = (filter: Omit<Filter, 'after'>): Arguments =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Arguments;

function searchOf(args: Arguments): string {
  const pairs = Object.entries(args).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((one) => [name, String(one)]) : [[name, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
}

async function ask(fetchFrom: typeof fetch, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetchFrom(path, {
      ...init,
      ...{ credentials: 'same-origin', redirect: 'error', cache: 'no-store' },
      headers: { accept: 'application/json', 'attestel-console': '1', ...init.headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new AppError(
      'unreachable',
      { kind: 'unavailable', message: 'the node does not answer' },
      { cause },
    );
  }
}

const KINDS: { readonly [status: number]: ErrorKind } = {
  400: 'bad-input',
  401: 'unauthenticated',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
  410: 'gone',
};

async function read(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const { code, field, rule } = (body ?? {}) as { readonly [member: string]: unknown };
  const kind = KINDS[response.status] ?? 'unavailable';
  throw new AppError(
    typeof code === 'string' ? code : 'refused',
    { kind, message: 'the node refused' },
    {
      ...(typeof field === 'string' ? { field } : {}),
      ...(typeof rule === 'string' ? { extra: { rule } } : {}),
    },
  );
}
