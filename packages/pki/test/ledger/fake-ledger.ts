import {
  type Bytes,
  type CborValue,
  decodeCbor,
  encodeCbor,
  equalBytes,
  isAppError,
  toHex,
  utf8,
} from '@attestel/core';
import type { ApplyContext, LedgerEvent, Operation, State, StateReader } from '@attestel/ledger';
import { type CertificateRules, createPkiModule } from '@attestel/pki';
import { sha256 } from '../../src/sha256.ts';
import { certificateLookups } from '../../src/state/records.ts';

/** State as CBOR bytes in key order, so that only what the ledger can keep is kept. */
export function createFakeState(entries = new Map<string, Bytes>()): State & { copy(): FakeState } {
  const lookupsOf = (key: string, value: CborValue): readonly string[] =>
    key.startsWith(certificateLookups.prefix) ? certificateLookups.of(value) : [];
  const find = (lookup: string): string | undefined =>
    [...entries].find(([key, bytes]) => lookupsOf(key, decodeCbor(bytes)).includes(lookup))?.[0];
  return {
    get: (key) => {
      const bytes = entries.get(key);
      return bytes && decodeCbor(bytes);
    },
    list: (prefix) =>
      [...entries]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, bytes]) => [key, decodeCbor(bytes)] as const),
    find,
    put(key, value) {
      for (const lookup of lookupsOf(key, value)) {
        if ((find(lookup) ?? key) !== key) throw new TypeError(`two rows would be found by ${lookup}`);
      }
      entries.set(key, encodeCbor(value));
    },
    delete: (key) => void entries.delete(key),
    copy: () => createFakeState(new Map(entries)),
  };
}

export type FakeState = ReturnType<typeof createFakeState>;

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
export const didOf = (n: number): string => `did:mno:test:zQm${BASE58[n]}${'a'.repeat(43)}`;
export const [OPERATOR, OTHER, VENDOR] = [0, 1, 2].map(didOf) as [string, string, string];

/** Attachments are no matter here: facts come as the test says. */
const certificates: CertificateRules = {
  leafReader: () => () => {
    throw new Error('not asked');
  },
  readEnrolment: () => {
    throw new Error('not asked');
  },
  readCertificationRequest: () => {
    throw new Error('not asked');
  },
  readAnchor: () => ({ notBefore: 0, notAfter: Number.MAX_SAFE_INTEGER }),
};

const ROLES: Readonly<Record<string, string>> = {
  [OPERATOR]: 'operator',
  [OTHER]: 'operator',
  [VENDOR]: 'vendor',
};

const neighbour = (get: (key: string) => CborValue | undefined): StateReader => ({
  get,
  list: () => [],
  find: () => undefined,
});

const registry = neighbour((key) => {
  if (key === 'parameters') return { admissionThreshold: 2, accreditationThreshold: 2, trustAnchors: [] };
  const did = key.slice('member/'.length);
  return ROLES[did] === undefined
    ? undefined
    : { did, roles: [ROLES[did]], status: 'active', statusSince: 0 };
});

/** Every member's ledger key is its own name. */
const dids = neighbour((key) => {
  const did = key.slice('head/'.length);
  return { updated: 0, ledgerKeys: [['k', utf8(did)]] };
});

/** Runs operations on the module as a ledger would: all or nothing, signatures taken as verified. */
export function createFakeLedger() {
  const module = createPkiModule({ sha256, certificates });
  let state = createFakeState();
  let count = 0;
  let time = 1_800_000_000;
  return {
    state: () => state,
    time: () => time,
    later: (seconds: number): void => {
      time += seconds;
    },
    /** Code of the refusal; undefined where accepted. */
    submit(kind: string, body: object, by: readonly string[], previous: Bytes | null = null) {
      count += 1;
      const payload = { kind, body: { v: 1, ...body }, actor: by[0], previous };
      const id = sha256(utf8(`${count}`));
      const operation = { payload, id, attachment: null } as unknown as Operation;
      const signers = by.map(utf8);
      const context: ApplyContext = {
        ...{ network: 'test', ns: 'main', height: count, time, signers },
        read: (name) => (name === 'registry' ? registry : name === 'did' ? dids : state),
        signedBy: (did) => signers.some((key) => equalBytes(key, utf8(did))),
      };
      const next = state.copy();
      try {
        module.checkStateless(operation);
        const events: readonly LedgerEvent[] = module.apply(next, operation, context);
        state = next;
        return { id, events, code: undefined };
      } catch (error) {
        if (!isAppError(error)) throw error;
        return { id, events: [], code: error.code };
      }
    },
  };
}

export const hashOf = (text: string): Bytes => sha256(utf8(text));
export const hexOf = (text: string): string => toHex(hashOf(text));
