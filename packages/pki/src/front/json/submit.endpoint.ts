import { json, type Route, toBase64, toHex } from '@attestel/core';
import { type PartyAuthenticator, requireParty } from '@attestel/did';
import { fail } from '../../errors.ts';
import { refusalOf } from '../../refusals.ts';
import type { Published, Publisher } from './publisher.ts';
import { MAX_BODY_BYTES, type ParsedSubmission, parseSubmission } from './submission.schema.ts';

export interface SubmitEndpointOptions {
  readonly publisher: Publisher;
  readonly authenticate: PartyAuthenticator;
  /** Whether a party may publish in the member's name: its own line, its own RA. */
  readonly mayPublish: (did: string) => boolean;
}

const NO_STORE = { 'cache-control': 'no-store' };

/** A challenge for proofs of possession, good for any number of certificates within a day. */
export const challengesEndpoint = ({
  publisher,
  authenticate,
  mayPublish,
}: SubmitEndpointOptions): Route => ({
  method: 'POST',
  path: '/v1/pki/challenges',
  summary: 'A challenge for proofs of possession, and whom they are for',
  errors: 'problem',
  handle: requireParty(authenticate, 'problem', async (_request, { did }) => {
    if (!mayPublish(did)) throw fail('pki_publisher');
    const { id, until } = await publisher.challenge();
    return json({ challenge: toHex(id), submitter: publisher.did, until }, 200, NO_STORE);
  }),
});

/**
 * Publishes one certificate, or up to 10,000: answers when each is durable or refused. A single one that is refused
 * is an error; of many, each has its own answer.
 */
export const certificatesEndpoint = ({
  publisher,
  authenticate,
  mayPublish,
}: SubmitEndpointOptions): Route => ({
  method: 'POST',
  path: '/v1/pki/certificates',
  summary: 'Publish certificates with proofs of possession; answers for each by its place',
  errors: 'problem',
  accepts: ['application/json'],
  maxBodyBytes: MAX_BODY_BYTES,
  isDirect: true,
  handle: requireParty(authenticate, 'problem', async ({ body }, { did }) => {
    if (!mayPublish(did)) throw fail('pki_publisher');
    const { request, malformed, count } = parseSubmission(body);
    const published: Published =
      request.items.length > 0 ? await publisher.publish(request) : { results: [], parts: 0 };
    const [only] = published.results;
    if (count === 1 && only?.ok === false) throw refusalOf(only.code, { field: '/certificates/0' });
    const answer = answersOf(published, request.receipts !== 'none', { malformed, count });
    if (count === 1 && answer.accepted === 0) {
      throw fail('pki_query_invalid', { field: `/certificates/0/${malformed.get(0) ?? ''}` });
    }
    return json({ ...answer, parts: published.parts }, 200, NO_STORE);
  }),
});

function answersOf(
  { results }: Published,
  withReceipts: boolean,
  { malformed, count }: Pick<ParsedSubmission, 'malformed' | 'count'>,
) {
  const left = results.values();
  const published: object[] = [];
  const rejected: object[] = [];
  for (let item = 0; item < count; item++) {
    const field = malformed.get(item);
    const result = field === undefined ? left.next().value : undefined;
    if (result?.ok) {
      const { index, receipt } = result;
      const text = withReceipts && { receipt: receipt ? toBase64(receipt) : null };
      published.push({ item, hash: toHex(result.hash), index, ...text });
    } else if (result) rejected.push({ item, code: result.code });
    else rejected.push({ item, code: 'pki_query_invalid', field });
  }
  return { accepted: published.length, published, rejected };
}
