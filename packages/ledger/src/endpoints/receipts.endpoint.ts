import { json, type Route, toBase64url } from '@attestel/core';
import { decodeReceipt } from '@attestel/proof';
import { fail } from '../errors.ts';
import type { Ledger, ReceiptForm } from '../ledger.ts';
import { isModuleName } from '../state/rules.ts';
import { stateKey } from '../state/state-key.ts';
import { type CoseIssuer, createCoseReceipts } from './cose-receipts.ts';
import { parseQuery, parseWholeNumber } from './query.ts';
import { assertReadable, mayReadLeaf, type ReadGuard } from './read-guard.ts';

/**
 * Of a COSE_Sign1 (RFC 9052 §11.3.1). RFC 9942 registers no type of its own, and `application/scitt-receipt+cose` is
 * for receipts of SCITT statements (RFC 9943), which entries of this log are not.
 */
const COSE_SIGN1 = 'application/cose; cose-type="cose-sign1"';

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
export function entryReceiptEndpoint(ledger: Ledger, guard: ReadGuard, issuer?: CoseIssuer): Route {
  const cose = issuer && createCoseReceipts(ledger, issuer);
  return {
    method: 'GET',
    path: '/v1/ledger/entries/:index/receipt',
    summary: 'Receipt of a log entry; format=cose: a COSE receipt (RFC 9942)',
    errors: 'problem',
    cors: true,
    async handle(request) {
      const max = Number.MAX_SAFE_INTEGER - 1;
      const index = parseWholeNumber(request.params.index, { field: 'index', fallback: -1, min: 0, max });
      const form = entryFormOf(request.url);
      const mayRead = await guard.readerOf(request);
      for (const { bytes } of ledger.entries(index, 1)) assertReadable(mayReadLeaf(mayRead, bytes));
      if (form !== 'cose') {
        const receipt = ledger.proofs.eventReceipt(index, form);
        return json({ index, receipt: toBase64url(receipt) }, 200, HEADERS);
      }
      if (!cose) throw fail('cose_unavailable');
      return { status: 200, headers: { ...HEADERS, 'content-type': COSE_SIGN1 }, body: await cose(index) };
    },
  };
}

/** `format=cose`, or what {@link formOf} takes: a COSE receipt has one form. @throws AppError query_invalid */
function entryFormOf(url: URL): ReceiptForm | 'cose' {
  const { format, receipt } = parseQuery(url, ['format', 'receipt']);
  if (format === undefined) return parseForm(receipt);
  if (format !== 'cose' || receipt !== undefined) throw fail('query_invalid', { field: 'format' });
  return format;
}

/** `?receipt=path` (default) or `full`. @throws AppError query_invalid */
const formOf = (url: URL): ReceiptForm => parseForm(parseQuery(url, ['receipt']).receipt);

function parseForm(receipt = 'path'): ReceiptForm {
  if (receipt !== 'path' && receipt !== 'full') throw fail('query_invalid', { field: 'receipt' });
  return receipt;
}
