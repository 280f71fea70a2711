import type { Bytes } from '@attestel/core';
import type { LedgerModule } from '@attestel/ledger';

export const NETWORK = 'bench';
export const RECORD_MODULE = 'record';

/** One record for each operation, under a key of its own; `fill` writes as many as `from` … `to` says. */
export const recordModule: LedgerModule = {
  name: RECORD_MODULE,
  ordering: 'object',
  checkStateless() {},
  apply(state, { id, payload }, { height, signedBy }) {
    if (!signedBy(payload.actor)) throw new Error('bench: not signed by its actor');
    const put = (name: string): void =>
      state.put(`entry/${payload.actor}/${name}`, {
        operation: id,
        height,
        value: payload.body.value as Bytes,
      });
    if (payload.kind === 'fill') {
      const { from, to } = payload.body as { readonly from: number; readonly to: number };
      for (let i = from; i < to; i++) put(`n-${i}`);
    } else {
      put(payload.body.name as string);
    }
    return [];
  },
};
