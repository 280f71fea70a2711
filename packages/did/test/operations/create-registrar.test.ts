import { toBase64url } from '@attestel/core';
import { describe, expect, test } from 'vitest';
import { createRegistrar } from '../../src/index.ts';
import { party } from '../fakes/party.ts';

const operation = await party('registrar').create();
const answering =
  (result: object): typeof fetch =>
  async () =>
    Response.json({ results: [result] });
const id = toBase64url(operation.id);

describe('createRegistrar', () => {
  test('is done when the ledger has executed the operation', async () => {
    const fetch = answering({ ok: true, id, index: 0, height: 1 });
    await expect(
      createRegistrar({ url: 'https://node.example', fetch }).submit(operation),
    ).resolves.toBeUndefined();
  });

  test('throws the refusal of the ledger', async () => {
    const error = { code: 'did_exists', kind: 'conflict', message: 'the DID is already on the ledger' };
    const registrar = createRegistrar({
      url: 'https://node.example',
      fetch: answering({ ok: false, id, error }),
    });
    await expect(registrar.submit(operation)).rejects.toThrow(
      expect.objectContaining({ code: 'did_exists' }),
    );
  });

  test('throws when nobody answers', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed'));
    await expect(createRegistrar({ url: 'https://node.example', fetch }).submit(operation)).rejects.toThrow(
      expect.objectContaining({ code: 'ledger_unreachable' }),
    );
  });
});
