import { type MultikeyBytes, type Signer, systemRandom } from '@attestel/core';
import { buildUpdate, createDid } from '@attestel/did';
import type { KeyStore } from '@attestel/keystore';
import type { Operation } from '@attestel/ledger';

export const NETWORK = 'bench';
const VALID_SECONDS = 600;

type Content = Parameters<typeof createDid>[0];
type Put = (operation: Operation) => Promise<void>;

/** How many of each a document states; together what did:ethr calls attributes. */
export interface Statements {
  readonly keys: number;
  readonly services: number;
  readonly names: number;
}

export const total = ({ keys, services, names }: Statements): number => keys + services + names;

/**
 * An organisation whose first document has `first` of its statements and then grows by one with each operation, as
 * one in did:ethr does. A ledger key comes first. Returns its DID. `put` brings an operation onto the ledger.
 */
export async function createOrganisation(
  keyStore: KeyStore,
  statements: Statements,
  first: number,
  put: Put,
): Promise<string> {
  const keys = await Promise.all(Array.from({ length: statements.keys }, () => newKey(keyStore, 'ledger')));
  const publicKeys = keys.map((key) => key.publicKey);
  let control = await newKey(keyStore, 'did-control');
  let next = await newKey(keyStore, 'did-control');
  const content = (count: number): Omit<Content, 'network' | 'controlKey'> => ({
    ...contentOf(statements, publicKeys, count),
    nextKeys: [next.publicKey],
    random: systemRandom,
  });
  const created = createDid({ network: NETWORK, controlKey: control, ...content(first) });
  let operation = await created.toOperation(notAfter());
  await put(operation);
  for (let count = first + 1; count <= total(statements); count++) {
    [control, next] = [next, await newKey(keyStore, 'did-control')];
    const head = { did: created.did, previous: operation.id, notAfter: notAfter() };
    ({ operation } = await buildUpdate({ ...head, controlKeys: [control], ...content(count) }));
    await put(operation);
  }
  return created.did;
}

/** The first `count` statements: ledger key, other keys, services, names. */
function contentOf(
  { keys, services }: Statements,
  publicKeys: readonly MultikeyBytes[],
  count: number,
): Pick<Content, 'ledgerKeys' | 'document'> {
  const [ledgerKey, ...others] = publicKeys.slice(0, Math.min(count, keys));
  const serviceCount = Math.max(0, Math.min(count - keys, services));
  return {
    ledgerKeys: ledgerKey ? [['ledger-1', ledgerKey]] : [],
    document: {
      verificationMethods: others.map((key, i) => ({
        fragment: `key-${i + 1}`,
        key,
        relationships: ['assertionMethod'],
      })),
      ...(serviceCount > 0 ? { services: Array.from({ length: serviceCount }, (_, i) => serviceAt(i)) } : {}),
      ...(count > keys + services ? { alsoKnownAs: namesTo(count - keys - services) } : {}),
    },
  };
}

const serviceAt = (i: number) => ({
  fragment: `service-${i}`,
  type: `Service${i}`,
  serviceEndpoint: `https://organisation.example/services/${i}`,
});

const namesTo = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `https://organisation.example/names/${i}`);

async function newKey(keyStore: KeyStore, purpose: 'ledger' | 'did-control'): Promise<Signer> {
  const { ref } = await keyStore.generate({ purpose, algorithm: 'EdDSA' });
  return keyStore.signer(ref);
}

const notAfter = (): number => Math.floor(Date.now() / 1000) + VALID_SECONDS;
