import { createPublicKey, verify } from 'node:crypto';
import { type Bytes, multikeyToJwk, type Signer, utf8 } from '@attestel/core';
import { decodeCoseReceipt, verifyCoseReceipt } from '@attestel/proof';
import { expect, it } from 'vitest';
import { ledgerRoutes } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { callRoutes } from '../fixtures/call-route.ts';
import { ANN, addition, ORIGIN, openTestLedger } from '../fixtures/open-test-ledger.ts';
import { ed25519Signer, p256Signer } from '../fixtures/signers.ts';

const keyId = utf8('did:ex:operator#key');
const check = ({ publicKey, algorithm }: Signer, message: Uint8Array, signature: Uint8Array): boolean => {
  const key = createPublicKey({ key: { ...multikeyToJwk(publicKey) }, format: 'jwk' });
  return algorithm === 'EdDSA'
    ? verify(null, message, key, signature)
    : verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
};

async function opened(signer: Signer = p256Signer('operator')) {
  const ledger = await openTestLedger();
  await ledger.submit([await addition(ANN, 0)]);
  let signatures = 0;
  const counted: Signer = {
    ...signer,
    sign(message) {
      signatures += 1;
      return signer.sign(message);
    },
  };
  const routes = ledgerRoutes(ledger, { cose: { signer: counted, keyId } });
  const get = (query: string, index = 0, table = routes) =>
    callRoutes(table, new URL(`https://node.example/v1/ledger/entries/${index}/receipt${query}`));
  return { ledger, get, signer, signed: () => signatures };
}

it.each([p256Signer('operator'), ed25519Signer('operator')])(
  'a COSE receipt ($algorithm) leads from an entry to the log root that the operator signed',
  async (key) => {
    const { ledger, get, signer } = await opened(key);
    for (const { index, bytes } of ledger.entries(0, 2)) {
      const { status, headers = {}, body } = await get('?format=cose', index);
      expect([status, headers['content-type']]).toEqual([200, 'application/cose; cose-type="cose-sign1"']);
      const { algorithm } = signer;
      const trust = { origin: ORIGIN, keyId, algorithm, verify: check.bind(undefined, signer) };
      const { root } = await verifyCoseReceipt(body as Bytes, bytes, trust, sha256);
      expect(root).toEqual(ledger.head().root);
      expect(decodeCoseReceipt(body as Bytes)).toMatchObject({ index, size: ledger.head().size });
    }
  },
);

it('the operator signs each root once, however many ask', async () => {
  const { ledger, get, signed } = await opened();
  await Promise.all([get('?format=cose'), get('?format=cose', 1), get('?format=cose')]);
  expect(signed()).toBe(1);
  await ledger.submit([await addition(ANN, 1)]);
  await get('?format=cose');
  expect(signed()).toBe(2);
});

it('a signer that fails is asked again', async () => {
  const { ledger } = await opened();
  const signer = p256Signer('operator');
  let fails = 1;
  const sign: Signer['sign'] = async (message) => {
    fails -= 1;
    if (fails >= 0) throw new TypeError('no key');
    return signer.sign(message);
  };
  const routes = ledgerRoutes(ledger, { cose: { signer: { ...signer, sign }, keyId } });
  const get = () =>
    callRoutes(routes, new URL('https://node.example/v1/ledger/entries/0/receipt?format=cose'));
  expect((await get()).status).toBe(500);
  expect((await get()).status).toBe(200);
});

it('other formats, a form beside it, entries that are not there and nodes that sign none are refused', async () => {
  const { ledger, get } = await opened();
  expect((await get('?format=jose')).status).toBe(400);
  expect((await get('?format=cose&receipt=full')).status).toBe(400);
  expect((await get('?format=cose', 9)).status).toBe(503);
  const answer = await get('?format=cose', 0, ledgerRoutes(ledger));
  expect([answer.status, String(answer.body)]).toEqual([404, expect.stringContaining('cose_unavailable')]);
});
