import {
  type Clock,
  type HttpResponse,
  isAppError,
  type JsonValue,
  json,
  type Route,
  unixSeconds,
} from '@attestel/core';
import { type PartyAuthenticator, requireParty } from '@attestel/did';
import { z } from 'zod';
import { endingIn, exportPerson } from '../data/person/export-person.ts';
import { fail } from '../errors.ts';
import type { ContractHost } from '../host/create-contract-host.ts';
import type { AskParty } from '../host/lookup/collect-answer.ts';
import { ANSWERS_PATH } from '../host/lookup/http-ask.ts';
import { lookupPlace } from '../host/lookup/lookup-answer.ts';
import { personName } from '../host/lookup/subject-name.ts';
import { commandData, onlyParameters } from './contract-request.ts';

export interface PersonRoutesOptions {
  readonly host: Pick<ContractHost, 'answerLookup' | 'lookup' | 'subjectName' | 'eraseSubject' | 'proveKept'>;
  /** DID of the node’s own party. */
  readonly party: string;
  readonly ask: AskParty;
  readonly authenticate: PartyAuthenticator;
  readonly clock: Clock;
}

const channel = z.string().min(1).max(64);
const PERSON = z.strictObject({ channel, subject: personName });
const QUESTION = PERSON.extend({ after: lookupPlace.optional() });
const LOOKUP = z.strictObject({ person: personName, channels: z.array(channel).max(256).optional() });
const NAMING = z.strictObject({ channel, person: personName });

/** What is asked about a person stands in the body: addresses are written down everywhere. */
export function personRoutes(options: PersonRoutesOptions): readonly Route[] {
  const { host, party, ask, authenticate } = options;
  const route = <S extends z.ZodType>(
    { path, summary, body, isOwn }: { path: string; summary: string; body: S; isOwn: boolean },
    answer: (asked: z.output<S>, did: string) => Promise<unknown>,
  ): Route => ({
    ...{ method: 'POST', path, summary, errors: 'problem', accepts: ['application/json'] },
    maxBodyBytes: 65_536,
    handle: requireParty(authenticate, 'problem', async (request, { did }): Promise<HttpResponse> => {
      onlyParameters(request, []);
      if (isOwn && did !== party) throw fail('permission_denied');
      const asked = parsed(body, commandData(request));
      return json(await answer(asked, did), 200, { 'cache-control': 'no-store' });
    }),
  });
  return [
    route(
      {
        ...{ path: ANSWERS_PATH, body: QUESTION, isOwn: false },
        summary: 'What the caller may see of a person in a channel, with what proves it, in parts',
      },
      (question, did) => host.answerLookup(question, { actor: did }),
    ),
    route(
      {
        ...{ path: '/v1/lookups', body: LOOKUP, isOwn: true },
        summary: 'One answer about a person from all channels; who lies is named. The party itself alone',
      },
      ({ person, channels }) => host.lookup(ask, { person, ...(channels && { channels }) }),
    ),
    route(
      {
        ...{ path: '/v1/persons/name', body: NAMING, isOwn: true },
        summary: 'Name of a person in a channel. The party itself alone',
      },
      async (naming) => ({ subject: await host.subjectName(naming.channel, naming.person) }),
    ),
    route(
      {
        ...{ path: '/v1/persons/export', body: QUESTION, isOwn: true },
        summary: 'Everything that is kept here of a person in a channel, in parts. The party itself alone',
      },
      (question, did) => exported(options, question, did),
    ),
    route(
      {
        ...{ path: '/v1/persons/erase', body: PERSON, isOwn: true },
        summary: 'Erases all that is kept here of a person in a channel. The party itself alone',
      },
      (question, did) => host.eraseSubject(question, did),
    ),
  ];
}

/** @throws AppError invalid_argument with a JSON pointer */
function parsed<S extends z.ZodType>(schema: S, value: JsonValue): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const [unknown = ''] = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const path = [...(issue?.path ?? []), ...(unknown === '' ? [] : [unknown])];
  throw fail('invalid_argument', { field: `/${path.map(String).join('/')}` });
}

async function exported(
  { host, clock }: PersonRoutesOptions,
  question: z.output<typeof QUESTION>,
  did: string,
) {
  const answer = await host.answerLookup(question, { actor: did });
  const states = new Map<string, { readonly state: JsonValue } | { readonly why: string }>();
  for (const { channel, module, id } of endingIn(answer))
    states.set(`${module} ${id}`, await host.proveKept({ channel, module, id }).catch(codeOf));
  return exportPerson(answer, {
    at: unixSeconds(clock),
    after: question.after,
    stateOf: ({ module, id }) => states.get(`${module} ${id}`) ?? { why: 'not_found' },
  });
}

/** One object that is not as it should be keeps nobody from the others. */
function codeOf(error: unknown): { readonly why: string } {
  if (!isAppError(error)) throw error;
  return { why: error.code };
}
