import { json, type Route, toBase64url } from '@attestel/core';
import { decodeReceipt } from '@attestel/proof';
import { fail } from '../errors.ts';
import type { Ledger, ReceiptForm } from '../ledger.ts';
import { stateKey } from '../state/module-state.ts';
import { isModuleName } from '../state/rules.ts';
import { parseQuery, parseWholeNumber } from './query.ts';
import { assertReadable, mayReadLeaf, type ReadGuard } from './read-guard.ts';

/** Receipts of one checkpoint do not change; the next block brings another. */
const HEADERS = { 'cache-control': 'no-cache' };

/**
 * One entry of the state, or that there is none, with its receipt. The value is that of the checkpoint the receipt
 * leads to, which may be a block or two behind the head.
 */
export const stateEndpoint = (ledger: Ledger, guard: ReadGuard): Route => ({
  method: 'GET',
  path: '/v1/ledger/state/:module/*key',
  summary: 'Value of a state key with its receipt; null when the key is absent',
  errors: 'problem',
  cors: true,
  async handle(request) {
    const { module = '', key = '' } = request.params;
    const form = formOf(request.url);
    if (!isModuleName(module)) throw fail('query_invalid', { field: 'module' });
    stateKey(module, key); // refuses what no key can be
    const mayRead = await guard.readerOf(request);
    assertReadable(mayRead(guard.namespaceOf(module, key)));
    const bytes = ledger.proofs.stateReceipt(module, key, form);
    const receipt = decodeReceipt(bytes);
    const end = receipt.kind === 'state' ? receipt.path.end : undefined;
    const value = end?.kind === 'own' ? toBase64url(end.value) : null;
    return json({ module, key, value, receipt: toBase64url(bytes) }, 200, HEADERS);
  },
});

/** That an entry stands in the log; the receipt carries its bytes. */
export const entryReceiptEndpoint = (ledger: Ledger, guard: ReadGuard): Route => ({
  method: 'GET',
  path: '/v1/ledger/entries/:index/receipt',
  summary: 'Receipt of a log entry',
  errors: 'problem',
  cors: true,
  async handle(request) {
    const max = Number.MAX_SAFE_INTEGER - 1;
    const index = parseWholeNumber(request.params.index, { field: 'index', fallback: -1, min: 0, max });
    const form = formOf(request.url);
    const mayRead = await guard.readerOf(request);
    for (const { bytes } of ledger.entries(index, 1)) assertReadable(mayReadLeaf(mayRead, bytes));
    const receipt = ledger.proofs.eventReceipt(index, form);
    return json({ index, receipt: toBase64url(receipt) }, 200, HEADERS);
  },
});

/** `?receipt=path` (default) or `full`. @throws AppError query_invalid */
function formOf(url: URL): ReceiptForm {
  const { receipt = 'path' } = parseQuery(url, ['receipt']);
  if (receipt !== 'path' && receipt !== 'full') throw fail('query_invalid', { field: 'receipt' });
  return receipt;
}
