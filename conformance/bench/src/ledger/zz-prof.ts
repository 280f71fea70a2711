import { mkdtempSync, rmSync } from 'node:fs';
import { decodeOperation, openLmdbStore } from '@attestel/ledger';
import { fixedSigner } from '/work/main/conformance/bench/src/fixed-signer.ts';
import { actorKeys, encodedOperations } from '/work/main/conformance/bench/src/ledger/operations.ts';
import { NETWORK, recordModule } from '/work/main/conformance/bench/src/ledger/record-module.ts';
import { openExecutor } from '/work/main/packages/ledger/src/executor/open-executor.ts';

const N = Number(process.argv[2] ?? 20000),
  B = 1000;
const folder = mkdtempSync('/tmp/attestel-prof-');
const store = await openLmdbStore({ path: folder });
const { book, executor } = await openExecutor({
  network: NETWORK,
  origin: 'bench/prof',
  store,
  modules: [recordModule],
  actorKeys,
  signer: fixedSigner('log'),
});
const ops = await encodedOperations(0, N, Math.floor(Date.now() / 1000));
console.log('bytes', ops[0].length);
const cpu = () => {
  const c = process.cpuUsage();
  const t = (process as any).threadCpuUsage?.() ?? c;
  return t.user + t.system;
};
const t: any = { decode: 0, exec: 0, commit: 0 };
const all0 = process.cpuUsage();
const w0 = performance.now();
for (let i = 0; i < N; i += B) {
  let a = cpu();
  const block = ops.slice(i, i + B).map(decodeOperation);
  let b = cpu();
  t.decode += b - a;
  for (const o of block) book.verified.add(o);
  const c = executor.execute({ timeMs: Math.max(Date.now(), executor.record.timeMs + 1), operations: block });
  a = cpu();
  t.exec += a - b;
  await executor.commit(c);
  b = cpu();
  t.commit += b - a;
}
const e = process.cpuUsage(all0);
for (const k in t) console.log(k, (t[k] / N).toFixed(1), 'us/op main thread');
console.log(
  'process cpu/op',
  ((e.user + e.system) / N).toFixed(1),
  'wall/op',
  (((performance.now() - w0) * 1000) / N).toFixed(1),
);
await store.close();
rmSync(folder, { recursive: true });
