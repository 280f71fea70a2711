import { type Signer, toHex } from '@attestel/core';
import type { Operation } from '@attestel/ledger';
import { commitNextKeys } from '../../src/genesis/next-commitment.ts';
import { formatVersionId } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { signOperation } from '../fakes/ledger.ts';
import { party } from '../fakes/party.ts';
import { seededSigner } from '../fakes/seeded.ts';

const SOURCE = 'specs/did-mno.md §6; made by packages/did/test/make-vectors/generate.ts';

/**
 * One story on network `test`: each operation is submitted to the state that the accepted ones before
 * it left. Ed25519 only, because its signatures come out the same every time.
 */
export async function operationVectors() {
  const alice = party('vector-alice');
  const bob = party('vector-bob');
  const create = await alice.create();
  const update = await alice.update(2, create.id);
  const end = await alice.deactivate(3, update.id);
  const spentKey = [...commitNextKeys([alice.control(1).publicKey], sha256)];
  const stranger = seededSigner('vector-stranger');
  const replayed = await signOperation(
    { ...update.payload, actor: bob.did, previous: (await bob.create()).id },
    [alice.control(2)],
    update.attachment,
  );
  return {
    source: SOURCE,
    network: 'test',
    steps: [
      step('update of a DID that is not there', update, 'did_not_found'),
      step('creation signed by a stranger', await resigned(create, stranger), 'signature_foreign'),
      step('creation', create, { did: alice.did, versionId: formatVersionId(1, create.id) }),
      step('creation again', create, 'did_exists'),
      step('creation of another DID', await bob.create(), {
        did: bob.did,
        versionId: formatVersionId(1, (await bob.create()).id),
      }),
      step("update of one DID replayed under another's name", replayed, 'key_not_committed'),
      step('update by the key that is spent', await alice.update(1, create.id), 'key_not_committed'),
      step('update by a key not committed to', await alice.update(3, create.id), 'key_not_committed'),
      step('update after the wrong predecessor', await alice.update(2, new Uint8Array(32)), 'wrong_previous'),
      step(
        'update that commits to a spent key',
        await alice.update(2, create.id, { body: { next: spentKey } }),
        'key_reused',
      ),
      step(
        'update without commitments',
        await alice.update(2, create.id, { body: { next: [] } }),
        'invalid_operation',
      ),
      step(
        'update with a zero threshold',
        await alice.update(2, create.id, { body: { nextThreshold: 0 } }),
        'invalid_operation',
      ),
      step(
        'update of an unknown version',
        await alice.update(2, create.id, { body: { v: 2 } }),
        'invalid_operation',
      ),
      step(
        'update in another namespace',
        await alice.update(2, create.id, { payload: { ns: 'other' } }),
        'wrong_network',
      ),
      step(
        'update, signed also by a stranger',
        await alice.update(2, create.id, { signers: [alice.control(2), stranger] }),
        'signature_foreign',
      ),
      step('update', update, { did: alice.did, versionId: formatVersionId(2, update.id) }),
      step('update again', update, 'wrong_previous'),
      step('deactivation', end, { did: alice.did, versionId: formatVersionId(3, end.id) }),
      step('update after deactivation', await alice.update(4, end.id), 'did_deactivated'),
      step('creation after deactivation', create, 'did_deactivated'),
    ],
  };
}

/** What is submitted, and its outcome: the new version, or the code of the refusal. */
export const step = (
  name: string,
  operation: Operation,
  expected: string | { did: string; versionId: string },
) => ({
  name,
  payload: toHex(operation.payloadBytes),
  id: toHex(operation.id),
  signatures: operation.signatures.map(({ key, signature }) => [toHex(key), toHex(signature)]),
  attachment: operation.attachment && toHex(operation.attachment),
  expected,
});

const resigned = (operation: Operation, signer: Signer): Promise<Operation> =>
  signOperation(operation.payload, [signer], operation.attachment);
