import { type HttpRequest, type Route, unixSeconds } from '@attestel/core';
import { createPartyAuthenticator } from '@attestel/did';
import { ledgerRoutes } from '@attestel/ledger';
import { type Channels, createChannels, MAIN_CHANNEL, namespaceOfKey } from '@attestel/registry';
import { CONTRACTS_PATH, digestOfModule, type Module } from '@attestel/scenarios';
import { buildConsole, type ConsoleModule, consoleRoutes } from '@attestel/web';
import type { ConsoleConfig } from '../console-config.schema.ts';
import { fail } from '../errors.ts';
import { assertOwnPage } from './console/own-page.ts';
import { createSessionCookie } from './console/session-cookie.ts';
import { CONSOLE_API, offerLink, sessionEndpoints, sessionOf } from './console/session-endpoints.ts';
import { createSessions, type Session } from './console/sessions.ts';
import { signingKeysOf } from './console/signing-keys.ts';
import type { StartedContracts } from './contracts-role.ts';
import { mayReadAs } from './read-guard.ts';
import { identityOf, type RoleContext, type RoleParts } from './role.ts';

export interface StartedConsole {
  readonly parts: RoleParts;
  /** An address that signs the member itself in, once and within a minute. */
  readonly link: () => Promise<string>;
}

const OBJECTS = `${CONTRACTS_PATH}/:chaincodeID/:businessID`;
/** What a session may ask. Not to erase: that cannot be taken back, and takes the party's own token. */
const SHOWN: readonly string[] = [
  `GET ${OBJECTS}/queries/:query`,
  `GET ${OBJECTS}/lines/:line`,
  `GET ${OBJECTS}/lines/:line/items/:number`,
  `GET ${OBJECTS}/:id/history`,
  `GET ${OBJECTS}/:id`,
  `POST ${OBJECTS}/:command`,
  // Receipts: a browser that has signed in has no party token for the ledger's own address.
  'GET /v1/ledger/state/:module/*key',
];

/**
 * The console of the member's staff: the contract call, asked for by whoever has a session instead of a party token.
 * What a caller may see and do, the same endpoints decide.
 * @throws AppError config_invalid for a node without the roles that it shows, or on a ledger without a policy
 */
export async function startConsole(
  context: RoleContext,
  role: ConsoleConfig,
  contracts: StartedContracts | undefined,
): Promise<StartedConsole> {
  const { config, ports, resolver, registry } = context;
  const { clock, random, ledger, policyText: policy } = ports;
  const { origin } = config.http;
  if (!contracts) throw fail('config_invalid', { field: 'roles.console (needs roles.contracts)' });
  if (!config.roles.resolver) throw fail('config_invalid', { field: 'roles.console (needs roles.resolver)' });
  if (policy === undefined)
    throw fail('config_invalid', { field: 'roles.console (the ledger has no policy)' });
  const { did } = identityOf(ports.party);
  const sessions = createSessions({ clock, random, sessionSeconds: role.sessionMinutes * 60 });
  const cookie = createSessionCookie(config.instance, origin);
  const channels = createChannels(ledger, () => unixSeconds(clock));
  const keysOf = (of: string) => signingKeysOf(resolver, of);
  const caller = async (request: HttpRequest): Promise<Session> => {
    assertOwnPage(request, origin);
    return sessionOf({ sessions, cookie, keysOf }, request);
  };
  const readerOf = async (request: HttpRequest) =>
    mayReadAs({ channels, registry }, (await caller(request)).did);
  const calls = contracts.routesFor(caller);
  const api = [...calls, ...ledgerRoutes(ledger, { guard: { readerOf, namespaceOf: namespaceOfKey } })]
    .filter(isForConsole)
    .map(belowConsole);
  const session = sessionEndpoints({
    ...{ sessions, cookie, clock, origin, keysOf },
    // A new one each time, that remembers no token: a key that was given up buys no session.
    authenticate: (request) => createPartyAuthenticator({ resolver, audience: origin, clock })(request),
    maySignIn: (asking) => asking === did || role.dids.includes(asking),
    describe: (of) => ({
      ...{ did: of.did, expires: of.expires },
      channels: [MAIN_CHANNEL, ...readableBy(channels, of.did)],
    }),
  });
  const page = { policy, did, name: config.name, modules: contracts.modules.map(described) };
  const pages = consoleRoutes({ distDir: await buildConsole(), config: page });
  const link = async (): Promise<string> => (await offerLink({ sessions, origin, keysOf }, did)).url;
  return { link, parts: { routes: [...pages, ...session, ...api], stop() {} } };
}

const readableBy = (channels: Channels, did: string): readonly string[] =>
  channels.channels().flatMap(({ name }) => (channels.isReadable(name, did) ? [name] : []));

const isForConsole = ({ method, path }: Route): boolean => SHOWN.includes(`${method} ${path}`);

const belowConsole = ({ cors: _, ...route }: Route): Route => ({
  ...route,
  path: `${CONSOLE_API}${route.path.slice('/v1'.length)}`,
});

function described(module: Module): ConsoleModule {
  const { name, version, summary, commands, events, queries } = module;
  return {
    ...{ id: `${name}@${version}`, name, version, summary, digest: digestOfModule(module) },
    commands: Object.fromEntries(
      Object.entries(commands).map(([command, { summary: says, schema, on }]) => [
        command,
        { summary: says, schema, on },
      ]),
    ),
    events,
    queries: Object.keys(queries),
  };
}
