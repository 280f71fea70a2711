import { json, type Route } from '@attestel/core';
import { fail } from '../errors.ts';
import { recordToJson } from '../rules/record-to-json.ts';
import type { SubLedgers } from './create-sub-ledgers.ts';

/** What is anchored here, for everybody. Origins hold slashes: percent-encode them. Bytes are base64url. */
export function subLedgerRoutes(subLedgers: SubLedgers): Route[] {
  const route = (path: string, summary: string, find: (origin: string) => object | undefined): Route => ({
    method: 'GET',
    path: `/v1/sub-ledgers${path}`,
    summary,
    errors: 'problem',
    cors: true,
    handle({ params }) {
      const found = find(params.origin ?? '');
      if (found === undefined) throw fail('sub_ledger_unknown');
      return json(recordToJson(found), 200, { 'cache-control': 'no-cache' });
    },
  });
  return [
    route('', 'All sub-ledgers', () => subLedgers.subLedgers()),
    route('/:origin', 'One sub-ledger with its last anchor', (origin) => subLedgers.subLedger(origin)),
    route(
      '/:origin/anchors',
      'Its last anchors, newest first',
      (origin) => subLedgers.subLedger(origin) && subLedgers.lastAnchors(origin),
    ),
  ];
}
