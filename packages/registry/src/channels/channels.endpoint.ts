import {
  type Bytes,
  fromBase64url,
  type HttpRequest,
  type HttpResponse,
  json,
  type Route,
} from '@attestel/core';
import { type PartyAuthenticator, requireParty } from '@attestel/did';
import { fail } from '../errors.ts';
import type { EventLines } from '../event/create-event-lines.ts';
import { recordToJson } from '../rules/record-to-json.ts';
import type { Channels } from './create-channels.ts';

export interface ChannelRoutesOptions {
  readonly channels: Channels;
  readonly lines: EventLines;
  readonly authenticate: PartyAuthenticator;
}

const ID_BYTES = 32;
/** Members that one answer holds, at most: who gets so many asks again after the last. */
const MAX_MEMBERS = 1000;
const MAX_DID = 255;

type Answer = (request: HttpRequest, channel: string) => object | undefined;

/**
 * What a channel holds, for whoever may read it: public channels for everybody, others for parties that show a
 * token. An unknown channel answers like one that may not be read. Bytes are base64url.
 */
export function channelRoutes({ channels, lines, authenticate }: ChannelRoutesOptions): Route[] {
  const readable = (answer: Answer): Route['handle'] => {
    const respond = (request: HttpRequest): HttpResponse => {
      const found = answer(request, channelOf(request));
      if (found === undefined) throw fail('channel_no_such_record');
      return json(recordToJson(found), 200, { 'cache-control': 'no-store' });
    };
    const asParty = requireParty(authenticate, 'problem', (request, { did }) => {
      if (!channels.isReadable(channelOf(request), did)) throw fail('channel_not_reader');
      return respond(request);
    });
    return (request) =>
      channels.isReadable(channelOf(request), undefined) ? respond(request) : asParty(request);
  };
  const route = (path: string, summary: string, answer: Answer): Route => ({
    method: 'GET',
    path: `/v1/channels/:channel${path}`,
    summary,
    errors: 'problem',
    handle: readable(answer),
  });
  return [
    route('', 'One channel and its members, in the order of their DIDs; `after` a DID', (request, name) => {
      const after = afterOf(request);
      const channel = channels.channel(name);
      return channel && { ...channel, members: channels.members(name, { after, limit: MAX_MEMBERS }) };
    }),
    route('/objects/:ref', 'Newest state of an object', (request, name) =>
      lines.head(name, idOf(request, 'ref')),
    ),
    route('/objects/:ref/lines', 'Lines of an object, oldest first; `from` a number', (request, name) =>
      lines.lines(name, idOf(request, 'ref'), fromOf(request)),
    ),
    route('/lines/:line', 'One line', (request, name) => lines.line(name, idOf(request, 'line'))),
    route('/tokens/:token', 'Who holds a uniqueness token', (request, name) =>
      lines.token(name, idOf(request, 'token')),
    ),
  ];
}

const channelOf = ({ params }: HttpRequest): string => params.channel ?? '';

function idOf({ params }: HttpRequest, name: string): Bytes {
  const bytes = tryFromBase64url(params[name] ?? '');
  if (bytes?.length !== ID_BYTES) throw fail('channel_query_invalid', { field: `/${name}` });
  return bytes;
}

function tryFromBase64url(text: string): Bytes | undefined {
  try {
    return fromBase64url(text);
  } catch {
    return undefined;
  }
}

/** Empty: from the first. */
function afterOf({ url }: HttpRequest): string {
  const [text = '', ...more] = url.searchParams.getAll('after');
  if (more.length > 0 || text.length > MAX_DID) throw fail('channel_query_invalid', { field: '/after' });
  return text;
}

function fromOf({ url }: HttpRequest): number {
  const [text = '1', ...more] = url.searchParams.getAll('from');
  if (more.length > 0 || !/^[1-9]\d{0,9}$/.test(text))
    throw fail('channel_query_invalid', { field: '/from' });
  return Number(text);
}
