import type { Bytes } from '@attestel/core';
import type { LedgerModule } from '@attestel/ledger';

export const NETWORK = 'bench';
export const RECORD_MODULE = 'record';

/** One record for each operation, under a key of its own. */
export const recordModule: LedgerModule = {
  name: RECORD_MODULE,
  ordering: 'object',
  checkStateless() {},
  apply(state, { id, payload }, { height, signedBy }) {
    if (!signedBy(payload.actor)) throw new Error('bench: not signed by its actor');
    state.put(`entry/${payload.actor}/${payload.body.name as string}`, {
      operation: id,
      height,
      value: payload.body.value as Bytes,
    });
    return [];
  },
};
