import { fromHex, type Route } from '@attestel/core';
import { fail } from '../errors.ts';
import type { Ledger } from '../ledger.ts';
import { parseQuery } from './query.ts';
import { assertReadable, mayReadLeaf, type ReadGuard } from './read-guard.ts';

const ID_TEXT = /^[0-9a-f]{64}$/;

/**
 * The attachment of a logged operation. Its operation commits to it, so whoever fetches it can tell whether it is the
 * right one. Attachments can be erased, so no cache may keep them for long.
 */
export const attachmentEndpoint = (ledger: Ledger, guard: ReadGuard): Route => ({
  method: 'GET',
  path: '/v1/ledger/attachments/:id',
  summary: 'Attachment of an operation by the operation’s id; 410 when this node keeps none',
  errors: 'problem',
  cors: true,
  async handle(request) {
    parseQuery(request.url, []);
    const { id = '' } = request.params;
    if (!ID_TEXT.test(id)) throw fail('query_invalid', { field: 'id' });
    const index = ledger.indexOf(fromHex(id));
    if (index === undefined) throw fail('operation_unknown');
    const mayRead = await guard.readerOf(request);
    for (const { bytes } of ledger.entries(index, 1)) assertReadable(mayReadLeaf(mayRead, bytes));
    const attachment = ledger.attachment(fromHex(id));
    if (!attachment) throw fail('attachment_gone');
    return {
      status: 200,
      headers: { 'content-type': 'application/octet-stream', 'cache-control': 'no-cache' },
      body: attachment,
    };
  },
});
