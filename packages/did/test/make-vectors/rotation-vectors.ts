import { compareBytes, type Signer } from '@attestel/core';
import type { Operation, OperationPayload } from '@attestel/ledger';
import { commitNextKeys } from '../../src/genesis/next-commitment.ts';
import { createDid, formatVersionId } from '../../src/index.ts';
import { sha256 } from '../../src/sha256.ts';
import { signOperation } from '../fakes/ledger.ts';
import { NOT_AFTER } from '../fakes/party.ts';
import { publicKeyOf, seededRandom, seededSigner } from '../fakes/seeded.ts';
import { step } from './operation-vectors.ts';

const SOURCE = 'specs/did-mno.md §6.2 Rotate; made by packages/did/test/make-vectors/generate.ts';

const signers = (names: readonly string[]): Signer[] =>
  names.map((name) => seededSigner(`vector-rotate/${name}`));
const next = (names: readonly string[]) =>
  commitNextKeys(
    names.map((name) => publicKeyOf(`vector-rotate/${name}`)),
    sha256,
  );
const shown = (names: readonly string[]) =>
  signers(names)
    .map(({ publicKey }) => publicKey)
    .sort(compareBytes);

const board = createDid({
  network: 'test',
  controlKey: signers(['1a', '1b', '1c']),
  threshold: 2,
  nextKeys: shown(['2a', '2b', '2c']),
  nextThreshold: 2,
  ledgerKeys: [['ledger-1', publicKeyOf('vector-rotate/ledger')]],
  document: {
    verificationMethods: [
      { fragment: 'key-1', key: publicKeyOf('vector-rotate/key'), relationships: ['assertionMethod'] },
    ],
  },
  random: seededRandom('vector-rotate'),
});

const base = {
  v: 1,
  network: 'test',
  ns: 'main',
  module: 'did',
  actor: board.did,
  notAfter: NOT_AFTER,
} as const;

/** Rotation that shows and is signed by `by`, unless told otherwise. */
const rotate = (
  previous: Operation,
  by: readonly string[],
  to: readonly string[],
  more: { threshold?: number; signedBy?: readonly string[]; body?: object } = {},
): Promise<Operation> =>
  signOperation(
    {
      ...base,
      kind: 'rotate',
      previous: previous.id,
      body: {
        v: 1,
        keys: shown(by),
        next: next(to),
        nextThreshold: more.threshold ?? to.length,
        ...more.body,
      } as OperationPayload['body'],
    },
    signers(more.signedBy ?? by),
  );

const is = (n: number, operation: Operation) => ({
  did: board.did,
  versionId: formatVersionId(n, operation.id),
});

/** The life of a DID that three people control: two of three, then one of one, then two of two. */
export async function rotationVectors() {
  const create = await signOperation(
    { ...base, kind: 'create', previous: null, body: { genesis: board.genesis } },
    signers(['1a', '1c']),
    board.attachment,
  );
  const first = await rotate(create, ['2a', '2c'], ['2b', '3a', '3b'], { threshold: 1 });
  const second = await rotate(first, ['2b'], ['4a', '4b']);
  const end = await signOperation(
    { ...base, kind: 'deactivate', previous: second.id, body: { v: 1, keys: shown(['4a', '4b']) } },
    signers(['4a', '4b']),
  );
  const anyone = ['2a', '2b'] as const;
  return {
    source: SOURCE,
    network: 'test',
    steps: [
      step('rotation of a DID that is not there', first, 'did_not_found'),
      step('creation by two of three', create, is(1, create)),
      step('rotation by one of three', await rotate(create, ['2a'], ['3a']), 'threshold_not_met'),
      step(
        'rotation that shows two, signed by one',
        await rotate(create, anyone, ['3a'], { signedBy: ['2a'] }),
        'threshold_not_met',
      ),
      step(
        'rotation that shows three, signed by two',
        await rotate(create, ['2a', '2b', '2c'], ['3a'], { signedBy: anyone }),
        'signature_missing',
      ),
      step(
        'rotation signed by a third that it does not show',
        await rotate(create, anyone, ['3a'], { signedBy: ['2a', '2b', '2c'] }),
        'signature_foreign',
      ),
      step(
        'rotation by keys that are spent',
        await rotate(create, ['1a', '1b'], ['3a']),
        'key_not_committed',
      ),
      step(
        'rotation by keys not committed to',
        await rotate(create, ['2a', 'x'], ['3a']),
        'key_not_committed',
      ),
      step('rotation to a key that signs it', await rotate(create, anyone, ['2a']), 'key_reused'),
      step('rotation to a spent key', await rotate(create, anyone, ['1b']), 'key_reused'),
      step('rotation to a ledger key', await rotate(create, anyone, ['ledger']), 'key_reused'),
      step('rotation without commitments', await rotate(create, anyone, []), 'invalid_operation'),
      step(
        'rotation to a threshold out of reach',
        await rotate(create, anyone, ['3a'], { threshold: 2 }),
        'invalid_operation',
      ),
      step(
        'rotation to a threshold of zero',
        await rotate(create, anyone, ['3a'], { threshold: 0 }),
        'invalid_operation',
      ),
      step(
        'rotation with a document in its body',
        await rotate(create, anyone, ['3a'], { body: { document: new Uint8Array(32) } }),
        'invalid_operation',
      ),
      step(
        'rotation that shows a key twice',
        await rotate(create, ['2a'], ['3a'], { body: { keys: [...shown(['2a']), ...shown(['2a'])] } }),
        'invalid_operation',
      ),
      step(
        'rotation that carries a document beside it',
        { ...first, attachment: board.attachment },
        'invalid_operation',
      ),
      step('rotation by two of three; a key not shown stays committed to', first, is(2, first)),
      step('the same rotation again', first, 'wrong_previous'),
      step('rotation after the wrong predecessor', await rotate(create, ['2b'], ['4a']), 'wrong_previous'),
      step('rotation by one of three, which is enough now', second, is(3, second)),
      step('an old rotation again', first, 'wrong_previous'),
      step('deactivation by two of two', end, is(4, end)),
      step('rotation after deactivation', await rotate(end, ['4a', '4b'], ['5a']), 'did_deactivated'),
    ],
  };
}
