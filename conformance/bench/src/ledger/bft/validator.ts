import { join } from 'node:path';
import { type Bytes, silentLogger, systemClock } from '@attestel/core';
import {
  type CometLedger,
  createWorkerVerifier,
  decodeOperation,
  openCometLedger,
  openLmdbStore,
  superviseEngine,
} from '@attestel/ledger';
import { fixedSigner } from '../../fixed-signer.ts';
import { actorKeys } from '../operations.ts';
import { NETWORK, recordModule } from '../record-module.ts';
import { BFT_ORIGIN, type Load, type Question, type ValidatorSettings } from './protocol.ts';

// Run as a child process: one validator as an operator runs it, application and engine.
const { folder, binary, rpcUrl, peers, name }: ValidatorSettings = JSON.parse(process.argv[2] ?? '');
const store = await openLmdbStore({ path: join(folder, 'ledger') });
// One thread each: four validators share this machine's processors.
const batchVerifier = createWorkerVerifier({ workers: 1 });
const ledger = await openCometLedger({
  network: NETWORK,
  origin: BFT_ORIGIN,
  store,
  modules: [recordModule],
  actorKeys,
  witness: { name, signer: fixedSigner(name), clock: systemClock },
  clock: systemClock,
  logger: silentLogger,
  socketPath: join(folder, 'app.sock'),
  engine: rpcUrl,
  peers,
  batchVerifier,
});
const engine = superviseEngine({ binary, home: join(folder, 'engine'), logger: silentLogger });

/** Closed loop: each client has one submission on its way, and sends the next when all of it is final. */
async function runLoad({ encoded, batch, clients }: Load): Promise<readonly number[]> {
  const taken: number[] = [];
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < encoded.length) {
      const from = next;
      next += batch;
      const some = encoded.slice(from, next);
      const began = performance.now();
      await submitAll(ledger, some);
      const milliseconds = performance.now() - began;
      for (const _ of some) taken.push(milliseconds);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return taken;
}

async function submitAll(to: CometLedger, encoded: readonly Bytes[]): Promise<void> {
  for (const result of await to.submit(encoded.map(decodeOperation))) {
    if (!result.ok) throw new Error(`bench: an operation was refused: ${result.error.code}`);
  }
}

const answers = {
  cpu() {
    const { user, system } = process.cpuUsage();
    return { microseconds: user + system, enginePid: engine.pid };
  },
  head: () => ({ appHash: ledger.head().body, engineHeight: ledger.engineHeight() }),
  load: (_: never, load: Load) => runLoad(load),
  async stop() {
    await engine.stop();
    await ledger.close();
    await batchVerifier.close();
    await store.close();
    setImmediate(() => process.exit(0));
  },
};

process.on('message', async ({ id, method, load }: Question) => {
  try {
    process.send?.({ id, result: await answers[method](undefined as never, load as Load) });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : 'failed' });
  }
});
process.on('disconnect', () => process.exit(1));
process.send?.({ id: 0, result: 'ready' });
