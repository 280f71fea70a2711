import { type Bytes, utf8 } from '@attestel/core';
import { createFrontier, formatLedgerBody } from '@attestel/proof';
import type { Head } from '../ledger.ts';
import { sha256 } from '../sha256.ts';
import { secondsOf } from '../state/execute-block.ts';
import type { HeadRecord } from './head-record.ts';

/** What a checkpoint says, and its hash: that is what consensus agrees on and receipts refer to. */
export const appHashOf = (body: string): Bytes => sha256(utf8(body));

export function toHead({ origin, height, timeMs, frontier, state, checkpoint }: HeadRecord): Head {
  const { size } = frontier;
  const root = createFrontier(sha256, frontier).root();
  const body = formatLedgerBody({ origin, size, root, state });
  const appHash = appHashOf(body);
  return { height, time: secondsOf(timeMs), size, root, state, body, appHash, checkpoint };
}
