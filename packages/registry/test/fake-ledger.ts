import { AppError, type CborValue, decodeCbor, encodeCbor } from '@attestel/core';
import type { ApplyContext, Head, LedgerEvent, Operation, State, StateReader } from '@attestel/ledger';
import { registryModule } from '@attestel/registry';
import { createFakeDids } from './fake-dids.ts';

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A well-formed DID of the network `test`, one per number. */
export const didOf = (n: number): string =>
  `did:mno:test:zQm${BASE58[n % 58]}${BASE58[Math.floor(n / 58) % 58]}${'a'.repeat(42)}`;

/** State of the module as CBOR bytes in key order, so that only what the ledger can keep is kept. */
export function createFakeState(entries = new Map<string, Uint8Array>()): State & { copy(): State } {
  const reader: StateReader = {
    get: (key) => {
      const bytes = entries.get(key);
      return bytes && decodeCbor(bytes);
    },
    list: (prefix) =>
      [...entries]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, bytes]) => [key, decodeCbor(bytes)] as const),
    find: () => undefined,
  };
  return {
    ...reader,
    put: (key, value) => void entries.set(key, encodeCbor(value)),
    delete: (key) => void entries.delete(key),
    copy: () => createFakeState(new Map(entries)),
  };
}

export interface Submission {
  readonly kind: string;
  readonly body: { readonly [field: string]: CborValue };
  /** First acts, all sign. */
  readonly by: readonly string[];
  /** Keys that sign besides. */
  readonly keys?: readonly Uint8Array[];
  readonly height?: number;
}

/** Block time of the fake ledger at a height. */
export const timeAt = (height: number): number => 1_800_000_000 + height;

/** Runs operations on the module as a ledger would: all or nothing, signatures taken as verified. */
export function createFakeLedger() {
  let state = createFakeState();
  let height = 1;
  const dids = createFakeDids(() => timeAt(height));
  const read = (module = 'registry'): StateReader => (module === 'did' ? dids.state : state);
  return {
    /** A block in which a DID loses its ledger keys, as by deactivation. */
    dropKeys(did: string): void {
      height += 1;
      dids.drop(did);
    },
    lendKey: dids.lend,
    submit({ kind, body, by, keys, height: at = height }: Submission): readonly LedgerEvent[] {
      const operation = { payload: { kind, body, actor: by[0] }, attachment: null } as unknown as Operation;
      const context: ApplyContext = {
        network: 'test',
        ns: 'main',
        height: at,
        time: timeAt(at),
        read,
        ...dids.signatures(by, keys),
      };
      registryModule.checkStateless(operation);
      const next = state.copy() as ReturnType<typeof createFakeState>;
      const events = registryModule.apply(next, operation, context);
      state = next;
      height = at + 1;
      return events;
    },
    head: () => ({ height }) as Head,
    state: read,
  };
}

export type FakeLedger = ReturnType<typeof createFakeLedger>;

export const named = (en: string, zh = '名'): { 'zh-CN': string; en: string } => ({ 'zh-CN': zh, en });

/** Operators A, B, C, vendor V, platform P found the registry: 3 votes admit, 2 accredit. */
export const [A, B, C, V, P, STRANGER] = [0, 1, 2, 3, 4, 5].map(didOf) as [
  string,
  string,
  string,
  string,
  string,
  string,
];

export const genesisBody = {
  founders: [
    { did: A, name: named('Operator A'), roles: ['operator'] },
    { did: B, name: named('Operator B'), roles: ['operator'] },
    { did: C, name: named('Operator C'), roles: ['operator'] },
    { did: V, name: named('Vendor'), roles: ['vendor'] },
    { did: P, name: named('Platform'), roles: ['platform', 'bridge', 'app'] },
  ],
  admissionThreshold: 3,
  accreditationThreshold: 2,
  trustAnchors: [Uint8Array.of(0x30, 0x00)],
};

export const VCT = 'https://credentials.attestel.example/phone-number/1';

export const issuerBody = (did: string, change: Record<string, CborValue> = {}) => ({
  did,
  issuerUrl: `https://issuer-${did.charCodeAt(16)}.example`,
  name: named('Issuer'),
  types: [{ vct: VCT, validity: { from: 1000, until: null } }],
  ...change,
});

export const appBody = (clientId: string, change: Record<string, CborValue> = {}) => ({
  clientId,
  member: P,
  name: named(`App ${clientId}`, `应用 ${clientId}`),
  purpose: named('Sign you in', '登录'),
  redirectUris: ['https://app.example/callback'],
  postLogoutRedirectUris: [],
  claims: ['phone_number'],
  authentication: 'client_secret_basic',
  jwks: null,
  secretVersion: 1,
  ...change,
});

export const bridgeBody = (did: string, change: Record<string, CborValue> = {}) => ({
  did,
  url: 'https://bridge.example',
  member: P,
  name: named('Bridge'),
  ...change,
});

export function foundedLedger(): FakeLedger {
  const ledger = createFakeLedger();
  ledger.submit({ kind: 'genesis', body: genesisBody, by: [A, B, C, V, P] });
  return ledger;
}

/** The code of the refusal, with its field where it names one; undefined where the operation is accepted. */
export function refusalOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.field === undefined ? error.code : `${error.code} ${error.field}`;
  }
}
