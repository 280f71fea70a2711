import { createLedgerResolver } from '../../src/index.ts';
import { FakeLedger } from './ledger.ts';
import { party } from './party.ts';

/** A ledger with one DID in version 2 and one that was deactivated after two versions. */
export async function ledgerWithHistory() {
  const ledger = new FakeLedger();
  const alice = party('history-alice');
  const gone = party('history-gone');
  const create = await alice.create();
  ledger.submit(create);
  ledger.time += 100;
  const update = await alice.update(2, create.id);
  ledger.submit(update);
  const goneCreate = await gone.create();
  ledger.submit(goneCreate);
  const goneUpdate = await gone.update(2, goneCreate.id);
  ledger.submit(goneUpdate);
  ledger.time += 100;
  const end = await gone.deactivate(3, goneUpdate.id);
  ledger.submit(end);
  const clock = { now: () => (ledger.time + 50) * 1000 };
  const resolver = createLedgerResolver(ledger, { clock });
  return {
    ledger,
    alice,
    gone,
    operations: { create, update, goneCreate, goneUpdate, end },
    clock,
    resolver,
  };
}
