import { createMemoryStore, silentLogger, toHex } from '@attestel/core';
import { openLedger } from '@attestel/ledger';
import { expect, test } from 'vitest';
import { actorKeys, createDid, createLedgerResolver, didModule } from '../../src/index.ts';
import { publicKeyOf, seededRandom, seededSigner } from '../fakes/seeded.ts';

/** Order of P-256 (SP 800-186 §3.2.1.3). */
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function otherHalf(signature: Uint8Array): Uint8Array {
  const s = N - BigInt(`0x${toHex(signature.slice(32))}`);
  return new Uint8Array([...signature.slice(0, 32), ...Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]);
}

test('an ECDSA signature turned into its twin makes neither another DID nor another version', async () => {
  const created = createDid({
    network: 'test',
    controlKey: seededSigner('malleable/1', 'ES256'),
    nextKeys: [publicKeyOf('malleable/2', 'ES256')],
    ledgerKeys: [],
    document: { verificationMethods: [] },
    random: seededRandom('malleable'),
  });
  const clock = { now: () => 1_800_000_000_000 };
  const ledger = await openLedger({
    network: 'test',
    origin: 'ledger.example/test',
    store: createMemoryStore(),
    modules: [didModule],
    actorKeys,
    signer: seededSigner('checkpoint'),
    clock,
    logger: silentLogger,
    genesis: 'none',
    collectMilliseconds: 0,
  });
  const operation = await created.toOperation(1_800_000_600);
  const twin = {
    ...operation,
    signatures: operation.signatures.map(({ key, signature }) => ({ key, signature: otherHalf(signature) })),
  };
  expect(await ledger.submit([twin, operation])).toMatchObject([
    { ok: true, id: operation.id },
    { ok: false, error: { code: 'operation_duplicate' } },
  ]);
  const { didDocumentMetadata } = await createLedgerResolver(ledger, { clock }).resolve(created.did);
  expect(didDocumentMetadata.versionId).toMatch(/^1-/);
  await ledger.close();
});
