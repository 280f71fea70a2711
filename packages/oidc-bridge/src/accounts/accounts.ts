import { type Bytes, type Random, type StoreWriter, toBase64url, utf8 } from '@attestel/core';
import type { Presentation, Verifier } from '@attestel/openid/verifier';
import { fail } from '../errors.ts';
import type { BridgeKeys } from '../keys/bridge-keys.ts';
import type { UnitOfWork } from '../store/unit-of-work.ts';
import { findEntry, type IndexKeys, moveEntry } from './account-index.ts';

const ACCOUNTS = 'bridge/accounts';
/** Which version of the subject key an app has known an account by, since its first sign-in. */
const VERSIONS = 'bridge/subject-versions';

export interface AccountKeys extends IndexKeys {
  /** The hand-over that brings the account along, verified with those after it. */
  readonly verifiedFrom: number | undefined;
}

/**
 * People at this bridge. An account is a random id; who it is stands only in the index, under a key that
 * never leaves the key store. Same handle, same account, whatever happens to number, SIM or phone.
 */
export interface Accounts {
  /** @throws presentation_invalid when an account would move by a hand-over that does not verify */
  keysFor(presentation: Presentation): Promise<AccountKeys>;
  /** The account as the index has it now, or a new one that nobody has yet. */
  propose(keys: AccountKeys): string;
  /** Makes the proposal true. @throws account_raced when somebody else was faster */
  claimIn(writer: StoreWriter, keys: AccountKeys, account: string): void;
  exists(account: string): boolean;
  /** Pairwise `sub` (OIDC Core §8.1) of an account at a sector. */
  subject(account: string, sector: string): Promise<string>;
}

export interface AccountsOptions {
  readonly unit: UnitOfWork;
  readonly keys: BridgeKeys;
  readonly random: Random;
  readonly verifier: Pick<Verifier, 'verifyPortings'>;
}

export function createAccounts({ unit, keys, random, verifier }: AccountsOptions): Accounts {
  const subjects = new Map<string, string>();
  return {
    async keysFor(presentation) {
      const index = await indexKeys(presentation, keys);
      const verifiedFrom = findEntry(unit, index)?.handOver;
      if (verifiedFrom !== undefined) await verifier.verifyPortings(presentation, verifiedFrom);
      return { ...index, verifiedFrom };
    },
    propose: (found) => findEntry(unit, found)?.account ?? toBase64url(random.bytes(24)),
    claimIn: claim,
    exists: (account) => unit.get(ACCOUNTS, utf8(account)) !== undefined,
    async subject(account, sector) {
      const name = `${sector}\0${account}`;
      const cached = subjects.get(name);
      if (cached !== undefined) return cached;
      const subject = await keys.subject(await versionOf(account, sector), sector, account);
      if (subjects.size >= 10_000) subjects.clear();
      subjects.set(name, subject);
      return subject;
    },
  };

  async function versionOf(account: string, sector: string): Promise<number> {
    const pair = await keys.subjectPair(sector, account);
    const known = unit.get(VERSIONS, pair);
    if (known) return readVersion(known);
    await unit.put(VERSIONS, pair, versionBytes(keys.subjectVersion));
    return keys.subjectVersion;
  }
}

async function indexKeys(
  { issuerDid, handle, portings }: Presentation,
  keys: BridgeKeys,
): Promise<IndexKeys> {
  const [own, ...earlier] = await Promise.all(
    [issuerDid, ...portings.map(({ from }) => from)].map((did) => keys.accountIndex(did, handle)),
  );
  return {
    own: own as Bytes,
    handOvers: portings.map(({ at }, i) => ({ at, key: earlier[i] as Bytes })),
  };
}

/** The index may have changed since the proposal: then nothing is written, and the sign-in starts anew. */
function claim(writer: StoreWriter, keys: AccountKeys, account: string): void {
  const known = findEntry(writer, keys);
  const stands = known ? known.account === account : writer.get(ACCOUNTS, utf8(account)) === undefined;
  const verified = known?.handOver === undefined || known.handOver === keys.verifiedFrom;
  if (!stands || !verified) throw fail('account_raced');
  if (known?.settled) return;
  moveEntry(writer, known, keys, account);
  writer.put(ACCOUNTS, utf8(account), new Uint8Array());
}

function versionBytes(version: number): Bytes {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, version);
  return bytes;
}

const readVersion = (bytes: Bytes): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
