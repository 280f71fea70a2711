import { type Clock, type HttpRequest, type HttpResponse, json, type Route } from '@attestel/core';
import { type PartyAuthenticator, requireParty } from '@attestel/did';
import { fail } from '../errors.ts';
import { createKnownModules, type KnownModule, type KnownModules } from '../host/known-modules.ts';
import type { Credentials } from '../host/ports.ts';
import type { Asking } from '../host/queries/reader-of.ts';
import type { Module } from '../module/module.ts';
import { commandOf } from '../module/run-command.ts';
import { type AccessOptions, bringsOne, hasToDoWith, queryOfNothing } from './contract-access.ts';
import type { ContractApi } from './contract-api.ts';
import {
  commandData,
  headOf,
  idInPath,
  limitOf,
  objectIdOf,
  onlyParameters,
  placeOf,
  presentedIn,
  principalOf,
  timeOf,
} from './contract-request.ts';
import { describeContracts } from './openapi.ts';
import { queryParameters } from './query-args.ts';

export interface ContractRoutesOptions extends AccessOptions {
  readonly credentials: Pick<Credentials, 'presentedFor' | 'verify'>;
  readonly host: ContractApi;
  readonly modules: readonly Module[];
  readonly authenticate: PartyAuthenticator;
  readonly clock: Clock;
  /** DID of the node’s own party. */
  readonly party: string;
  /** Base URL of the node, as its documentation names it. */
  readonly baseUrl: string;
}

export const CONTRACTS_PATH = '/v1/contracts';
const OBJECTS = `${CONTRACTS_PATH}/:chaincodeID/:businessID`;
const MAX_BODY_BYTES = 16_777_216;

/** One call: the module and channel that its path names, and who asks. */
interface Call {
  readonly request: HttpRequest;
  readonly did: string;
  readonly channel: string;
  readonly known: KnownModule;
  /** Credentials that came with the request. */
  readonly presented: readonly string[];
}

type Answer = (call: Call) => Promise<HttpResponse>;

/**
 * The contract call of the white paper: chaincodeID (digest, or name@version), businessID (channel), command, and the
 * parameters as body; and what parties read of it.
 */
export function contractRoutes(options: ContractRoutesOptions): readonly Route[] {
  const modules = createKnownModules(options.modules);
  const route = (method: Route['method'], path: string, summary: string, answer: Answer): Route => ({
    ...{ method, path: `${OBJECTS}${path}`, summary, errors: 'problem' },
    handle: requireParty(options.authenticate, 'problem', (request, { did }) =>
      answer(callOf(modules, request, did)),
    ),
  });
  return [
    documentRoute(options),
    verificationRoute(options),
    route('GET', '/queries/:query', 'A query of the module over what the caller may see', (call) =>
      query(options, call),
    ),
    route('GET', '/lines/:line', 'What the caller may see of the payload of a line', (call) =>
      payload(options, call),
    ),
    route('GET', '/lines/:line/items/:number', 'One item of a batch, with its path to the line', (call) =>
      item(options, call),
    ),
    route('DELETE', '/payloads/:line', 'Erases a payload at this node; the party itself alone', (call) =>
      erase(options, call),
    ),
    route('GET', '/:id/history', 'Lines of an object, oldest first', (call) => history(options, call)),
    route('GET', '/:id', 'An object; `at` an RFC 3339 time', (call) => get(options, call)),
    {
      ...route('POST', '/:command', 'Runs a command; the body is its parameters', (call) =>
        run(options, call),
      ),
      accepts: ['application/json'],
      maxBodyBytes: MAX_BODY_BYTES,
    },
  ];
}

function callOf(modules: KnownModules, request: HttpRequest, did: string): Call {
  const { chaincodeID = '', businessID = '' } = request.params;
  const known = modules.find(chaincodeID);
  return { request, did, channel: businessID, known, presented: presentedIn(request) };
}

const NO_STORE = { 'cache-control': 'no-store' };
const answered = (value: unknown, status = 200): HttpResponse => json(value, status, NO_STORE);

function documentRoute({ modules, baseUrl }: ContractRoutesOptions): Route {
  const text = JSON.stringify(describeContracts(modules, baseUrl));
  return {
    method: 'GET',
    path: `${CONTRACTS_PATH}/openapi.json`,
    summary: 'OpenAPI 3.1 document of the modules at this node',
    errors: 'problem',
    cors: true,
    handle: () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: text }),
  };
}

/** What is kept here is the party's own, and comparing all of it is work. */
function verificationRoute({ host, party, authenticate }: ContractRoutesOptions): Route {
  return {
    method: 'GET',
    path: `${CONTRACTS_PATH}/verification`,
    summary: 'Compares all payloads and states that this node keeps with the ledger; the party itself alone',
    errors: 'problem',
    handle: requireParty(authenticate, 'problem', async (request, { did }) => {
      onlyParameters(request, []);
      if (did !== party) throw fail('permission_denied');
      return answered(host.verify());
    }),
  };
}

const isKnownIn = async (options: ContractRoutesOptions, call: Call): Promise<boolean> =>
  (await hasToDoWith(options, call.channel, call.did)) || (await bringsOne(options, call.channel, call));

/** @throws AppError permission_denied to a stranger */
async function assertKnownIn(options: ContractRoutesOptions, call: Call): Promise<void> {
  if (!(await isKnownIn(options, call))) throw fail('permission_denied');
}

async function run(options: ContractRoutesOptions, call: Call): Promise<HttpResponse> {
  const { request, did, channel, known, presented } = call;
  const command = request.params.command ?? '';
  const { byHost, on } = commandOf(known.module, command);
  if (byHost) throw fail('command_unknown');
  await assertKnownIn(options, call);
  const { id, head } = onlyParameters(request, ['id', 'head']);
  const object = objectIdOf(id);
  const done = await options.host.run({
    ...{ channel, module: known.digest, command, actor: did, presented },
    id: object,
    head: headOf(head),
    data: commandData(request),
  });
  const begins = object === undefined || on === 'new';
  return answered({ ...done, head: done.line }, begins ? 201 : 200);
}

/** Who may not read at all must not learn what is there. */
const readerOf = ({ did, presented }: Call, as: string | undefined): Asking => ({
  actor: did,
  party: principalOf(as),
  presented,
});

async function get(options: ContractRoutesOptions, call: Call): Promise<HttpResponse> {
  const { request, channel, known } = call;
  const id = idInPath(request, 'id');
  const { at, as } = onlyParameters(request, ['at', 'as']);
  const reading = { channel, module: known.digest, reader: readerOf(call, as), at: timeOf(at) };
  await assertKnownIn(options, call);
  return answered(await options.host.get({ ...reading, id }));
}

async function history(options: ContractRoutesOptions, call: Call): Promise<HttpResponse> {
  const { request, channel, known } = call;
  const id = idInPath(request, 'id');
  const { as } = onlyParameters(request, ['as']);
  const reader = readerOf(call, as);
  await assertKnownIn(options, call);
  return answered({ lines: await options.host.history({ channel, module: known.digest, reader, id }) });
}

async function query(options: ContractRoutesOptions, call: Call): Promise<HttpResponse> {
  const { request, did, channel, known } = call;
  const { query: name = '' } = request.params;
  const declared = Object.hasOwn(known.module.queries, name) ? known.module.queries[name] : undefined;
  if (!declared) throw fail('query_unknown');
  const { args, at, as, limit, after } = queryParameters(request.url.searchParams, declared);
  const reading = { channel, module: known.digest, reader: readerOf(call, as), at: timeOf(at) };
  const part = { limit: limitOf(limit), after: placeOf(after) };
  if (!(await isKnownIn(options, call))) {
    return answered({ result: queryOfNothing(declared, args, { channel, did, clock: options.clock }) });
  }
  const { result, next } = await options.host.queryPart({ ...reading, ...part, query: name, args });
  return answered(next === null ? { result } : { result, next });
}

const placeIn = ({ channel, known }: Call) => ({ channel, module: known.module.name });

async function payload(options: ContractRoutesOptions, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const line = idInPath(request, 'line');
  const { as } = onlyParameters(request, ['as']);
  const reader = readerOf(call, as);
  await assertKnownIn(options, call);
  return answered(await options.host.payload({ line, reader, in: placeIn(call) }));
}

async function item(options: ContractRoutesOptions, call: Call): Promise<HttpResponse> {
  const { request } = call;
  const line = idInPath(request, 'line');
  const { number = '' } = request.params;
  if (!/^(?:0|[1-9]\d{0,6})$/.test(number)) throw fail('not_found');
  const { as } = onlyParameters(request, ['as']);
  const reader = readerOf(call, as);
  await assertKnownIn(options, call);
  return answered(await options.host.proveItem({ line, index: Number(number), reader, in: placeIn(call) }));
}

/** What a party keeps is its own: the host takes it from nobody else. */
async function erase({ host }: ContractRoutesOptions, { request, did }: Call): Promise<HttpResponse> {
  const line = idInPath(request, 'line');
  onlyParameters(request, []);
  return answered(await host.erase({ line, actor: did }));
}
