import { fromHex, type Route } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { parseQuery } from './query.ts';

const ID_TEXT = /^[0-9a-f]{64}$/;

/**
 * The attachment of a logged operation. Its operation commits to it, so whoever fetches it can tell whether it is the
 * right one. Attachments can be erased, so no cache may keep them for long.
 */
export const attachmentEndpoint = (ledger: Ledger): Route => ({
  method: 'GET',
  path: '/v1/ledger/attachments/:id',
  summary: 'Attachment of an operation by the operation’s id; 410 when this node keeps none',
  errors: 'problem',
  cors: true,
  handle({ url, params }) {
    parseQuery(url, []);
    const { id = '' } = params;
    if (!ID_TEXT.test(id)) throw fail('query_invalid', { field: 'id' });
    const attachment = ledger.attachment(fromHex(id));
    if (!attachment) {
      throw fail(ledger.indexOf(fromHex(id)) === undefined ? 'operation_unknown' : 'attachment_gone');
    }
    return {
      status: 200,
      headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-cache' },
      body: attachment,
    };
  },
});
