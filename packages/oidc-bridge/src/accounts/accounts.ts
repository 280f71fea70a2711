import { type Bytes, fromUtf8, type Random, type StoreWriter, toBase64url, utf8 } from '@attestel/core';
import type { Presentation } from '@attestel/openid/verifier';
import { fail } from '../errors.ts';
import type { BridgeKeys } from '../keys/bridge-keys.ts';
import type { UnitOfWork } from '../store/unit-of-work.ts';

/** Where an account is found: HMAC(pepper, issuer ‖ 0 ‖ handle) → account. */
const INDEX = 'bridge/account-index';
const ACCOUNTS = 'bridge/accounts';
/** Which version of the subject key an app has known an account by, since its first sign-in. */
const VERSIONS = 'bridge/subject-versions';

/** Index keys of one presentation, computed before the transaction that uses them. */
export interface AccountKeys {
  readonly own: Bytes;
  readonly predecessors: readonly Bytes[];
}

/**
 * People at this bridge. An account is a random id; who it is stands only in the index, under a key that
 * never leaves the key store. Same handle, same account, whatever happens to number, SIM or phone.
 */
export interface Accounts {
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
}

export function createAccounts({ unit, keys, random }: AccountsOptions): Accounts {
  const subjects = new Map<string, string>();
  return {
    async keysFor({ issuerDid, handle, portedFrom }) {
      return {
        own: await keys.accountIndex(issuerDid, handle),
        predecessors: await Promise.all(portedFrom.map((did) => keys.accountIndex(did, handle))),
      };
    },
    propose: (found) => known(unit, found)?.account ?? toBase64url(random.bytes(24)),
    claimIn: claim,
    exists: (account) => unit.get(ACCOUNTS, utf8(account)) !== undefined,
    async subject(account, sector) {
      const version = versionOf(account, sector, unit) ?? (await rememberVersion(account, sector));
      const name = `${version}\0${sector}\0${account}`;
      const cached = subjects.get(name);
      if (cached !== undefined) return cached;
      const subject = await keys.subject(version, sector, account);
      if (subjects.size >= 10_000) subjects.clear();
      subjects.set(name, subject);
      return subject;
    },
  };

  async function rememberVersion(account: string, sector: string): Promise<number> {
    await unit.put(VERSIONS, versionKey(account, sector), Uint8Array.of(keys.subjectVersion));
    return keys.subjectVersion;
  }
}

function known(
  reader: { get(table: string, key: Bytes): Bytes | undefined },
  keys: AccountKeys,
): { readonly account: string; readonly under: Bytes } | undefined {
  for (const under of [keys.own, ...keys.predecessors]) {
    const account = reader.get(INDEX, under);
    if (account) return { account: fromUtf8(account), under };
  }
  return undefined;
}

/**
 * A ported line carries its account along: the newest operator in the verified chain that we know hands the
 * index entry over. The old entry goes, so that a card left behind at the old operator opens nothing.
 */
function claim(writer: StoreWriter, keys: AccountKeys, account: string): void {
  const found = known(writer, keys);
  if (found && found.account !== account) throw fail('account_raced');
  if (found?.under === keys.own) return;
  if (found) writer.delete(INDEX, found.under);
  writer.put(INDEX, keys.own, utf8(account));
  writer.put(ACCOUNTS, utf8(account), new Uint8Array());
}

const versionKey = (account: string, sector: string): Bytes => utf8(`${account}\0${sector}`);

function versionOf(account: string, sector: string, unit: UnitOfWork): number | undefined {
  return unit.get(VERSIONS, versionKey(account, sector))?.[0];
}
