import type { Bytes, CborValue, Signer } from '@attestel/core';
import type { Operation, OperationPayload } from '@attestel/ledger';
import { commitNextKeys } from '../../src/genesis/next-commitment.ts';
import { createDid } from '../../src/index.ts';
import { prepareContent } from '../../src/operations/did-content.ts';
import { sha256 } from '../../src/sha256.ts';
import { signOperation } from './ledger.ts';
import { publicKeyOf, seededRandom, seededSigner } from './seeded.ts';

export const NOT_AFTER = 1_800_000_900;

/** A party whose control keys are `<name>/1`, `<name>/2`, …: one per version. */
export function party(name: string, network = 'test') {
  const key = seededSigner(`${name}/key`, 'ES256');
  const ledgerKey = seededSigner(`${name}/ledger`);
  const control = (n: number): Signer => seededSigner(`${name}/${n}`);
  const document = {
    verificationMethods: [
      {
        fragment: 'key-1',
        key: key.publicKey,
        relationships: ['authentication', 'assertionMethod'] as const,
      },
    ],
    services: [{ fragment: 'issuer', type: 'CredentialIssuer', serviceEndpoint: `https://${name}.example` }],
  };
  const ledgerKeys = [['ledger-1', ledgerKey.publicKey]] as const;
  const created = createDid({
    network,
    controlKey: control(1),
    nextKeys: [publicKeyOf(`${name}/2`)],
    ledgerKeys,
    document,
    random: seededRandom(name),
  });
  const base = { v: 1, network, ns: 'main', module: 'did', actor: created.did, notAfter: NOT_AFTER } as const;
  return {
    ...created,
    kid: `${created.did}#key-1`,
    key,
    ledgerKey,
    control,
    base,
    content: { ledgerKeys, document },
    create: (): Promise<Operation> =>
      signOperation(
        { ...base, kind: 'create', previous: null, body: { genesis: created.genesis } },
        [control(1)],
        created.attachment,
      ),
    /** Update that reveals control key `n` and commits to `n + 1`. */
    update: (n: number, previous: Bytes, changes: UpdateChanges = {}): Promise<Operation> => {
      const prepared = prepareContent(
        {
          nextKeys: [publicKeyOf(`${name}/${n + 1}`)],
          ledgerKeys,
          document,
          random: seededRandom(`${name}/update/${n}`),
        },
        network,
      );
      const body = { v: 1, keys: [control(n).publicKey], ...prepared.control, ...changes.body };
      return signOperation(
        {
          ...base,
          kind: 'update',
          previous,
          body: body as unknown as OperationPayload['body'],
          ...changes.payload,
        },
        changes.signers ?? [control(n)],
        changes.attachment === undefined ? prepared.attachmentBytes : changes.attachment,
      );
    },
    /** Rotation that reveals control key `n` and commits to `n + 1`. */
    rotate: (
      n: number,
      previous: Bytes,
      changes: Omit<UpdateChanges, 'attachment'> = {},
    ): Promise<Operation> =>
      signOperation(
        {
          ...base,
          kind: 'rotate',
          previous,
          body: {
            v: 1,
            keys: [control(n).publicKey],
            next: commitNextKeys([publicKeyOf(`${name}/${n + 1}`)], sha256),
            nextThreshold: 1,
            ...changes.body,
          },
          ...changes.payload,
        },
        changes.signers ?? [control(n)],
      ),
    deactivate: (n: number, previous: Bytes): Promise<Operation> =>
      signOperation({ ...base, kind: 'deactivate', previous, body: { v: 1, keys: [control(n).publicKey] } }, [
        control(n),
      ]),
  };
}

export interface UpdateChanges {
  readonly body?: Readonly<Record<string, CborValue>>;
  readonly payload?: Partial<OperationPayload>;
  readonly signers?: readonly Signer[];
  readonly attachment?: Bytes | null;
}
