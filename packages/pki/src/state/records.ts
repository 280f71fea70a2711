import { type Bytes, type CborValue, fromHex, toHex } from '@attestel/core';
import type { Lookups, State, StateReader } from '@attestel/ledger';
import type { CertificateRole } from '../rules/roles.ts';
import type { Scope } from '../rules/scope.ts';
import type { SerialRange } from '../rules/serial-range.ts';

/** Name of the ledger module and of its state. */
export const PKI_MODULE = 'pki';

/** Single keys are enough for readers, so that what was read can be proven. */
export type PkiState = Pick<StateReader, 'get'>;

/** Who a party's certificates stand under, and for which names. Times: block time, unix seconds. */
export interface AnchorRecord {
  /** Last operation on it. */
  readonly operation: Bytes;
  readonly certificate: Bytes | null;
  readonly scope: Scope;
  readonly scopeHash: Bytes;
  /** In force from here on; before, it is under notice. */
  readonly from: number;
  readonly until: number | null;
  /** Validity of its certificate. */
  readonly notAfter: number | null;
  readonly suspended: Suspension | null;
  /** Suspensions that were lifted; each stands under `suspension/…`. */
  readonly lifted: number;
  readonly admitted: number;
}

export interface Suspension {
  readonly since: number;
  readonly by: string;
  readonly reason: string;
}

/** One of an anchor or a batch that is over. */
export interface PastSuspension extends Suspension {
  /** Block time. */
  readonly ended: number;
}

/** A vendor's word that its production line may make so many certificates of this range. */
export interface BatchRecord {
  readonly operation: Bytes;
  readonly anchor: Bytes;
  readonly vendor: string;
  readonly product: string;
  readonly number: string;
  readonly count: number;
  readonly serials: SerialRange;
  readonly line: Bytes | null;
  readonly expiry: number;
  readonly destination: string | null;
  /** Certificates published under it. */
  readonly used: number;
  readonly authorised: number;
  readonly suspended: Suspension | null;
  /** As of an anchor. */
  readonly lifted: number;
}

export type CertificateStatus = 'good' | 'suspended' | 'revoked' | 'superseded';

/** One published certificate, under the hash of its DER: whoever has the certificate finds it, nobody else. */
export interface CertificateRecord {
  /** Its number among all published ones: its bit in status sets. */
  readonly index: number;
  readonly leaf: Bytes;
  readonly anchor: Bytes;
  readonly batch: Bytes | null;
  readonly role: CertificateRole;
  /** SHA-256 of its SubjectPublicKeyInfo. */
  readonly key: Bytes;
  /** Hash of issuer and serial. */
  readonly name: Bytes;
  /** Token of the device, which its renewals take over; null where it is for none. */
  readonly device: Bytes | null;
  /** Of the certificates of its device, the one that the next takes the place of. */
  readonly current: boolean;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly published: number;
  readonly status: CertificateStatus;
  /** From when the status holds; a superseded certificate is good until then. */
  readonly since: number;
  /** End of a suspension that nobody decides about; null for every other status. */
  readonly until: number | null;
  readonly reason: string | null;
  readonly by: string | null;
  /** Certificate that takes its place. */
  readonly successor: Bytes | null;
  /** How often its status has changed; what it was before stands under `change/…`. */
  readonly changes: number;
}

/** The status of a certificate until it changed for the n-th time. */
export type PastStatus = Pick<
  CertificateRecord,
  'status' | 'since' | 'until' | 'reason' | 'by' | 'successor'
> & {
  /** Block time of the change that ended it. */
  readonly changed: number;
};

export interface AdmissionRecord {
  readonly cell: Bytes;
  readonly gateway: Bytes;
  /** Commitment to the site. */
  readonly site: Bytes;
  readonly operator: string;
  readonly since: number;
  readonly until: number;
}

/** Two operators trust these anchors of each other for these network functions and slices. */
export interface RelationRecord {
  readonly operation: Bytes;
  readonly parties: readonly [string, string];
  readonly anchors: readonly [readonly Bytes[], readonly Bytes[]];
  readonly nfTypes: readonly string[];
  readonly slices: readonly string[];
  readonly from: number;
  readonly until: number;
  /** Version of the trust list in which it began or last changed. */
  readonly version: number;
}

export type Challenge = readonly [id: Bytes, time: number];

interface Collection<T> {
  key(id: Bytes | string): string;
  get(state: PkiState, id: Bytes | string): T | undefined;
  put(state: State, id: Bytes | string, record: T): void;
  /** In order of their ids; of those that begin so. */
  list(state: StateReader, start?: string): readonly (readonly [id: string, record: T])[];
}

interface Finder {
  /** Text that the row is found by. */
  lookup(id: Bytes): string;
  /** Hash of the certificate that has it. */
  find(state: Pick<StateReader, 'find'>, id: Bytes): Bytes | undefined;
}

const textOf = (id: Bytes | string): string => (typeof id === 'string' ? id : toHex(id));

// Only this module writes its state, so what is read back needs no second validation.
function collection<T>(prefix: string): Collection<T> {
  return {
    key: (id) => prefix + textOf(id),
    get: (state, id) => state.get(prefix + textOf(id)) as T | undefined,
    put: (state, id, record) => state.put(prefix + textOf(id), record as CborValue),
    list: (state, start = '') =>
      Array.from(
        state.list(prefix + start),
        ([key, record]) => [key.slice(prefix.length), record as T] as const,
      ),
  };
}

const CERTIFICATES = 'cert/';

export const anchors = collection<AnchorRecord>('anchor/');
export const batches = collection<BatchRecord>('batch/');
export const certificates = collection<CertificateRecord>(CERTIFICATES);

function finder(prefix: string): Finder {
  const lookup = (id: Bytes): string => prefix + toHex(id);
  return {
    lookup,
    find(state, id) {
      const key = state.find(lookup(id));
      return key === undefined ? undefined : fromHex(key.slice(CERTIFICATES.length));
    },
  };
}

/** What only one certificate has, ever; of a device, the one that is current. */
export const keys = finder('key/');
export const names = finder('name/');
export const devices = finder('device/');

export const certificateLookups: Lookups = {
  prefix: CERTIFICATES,
  of(value) {
    const { key, name, device, current } = value as unknown as CertificateRecord;
    const unique = [keys.lookup(key), names.lookup(name)];
    return device && current ? [...unique, devices.lookup(device)] : unique;
  },
};

export const admissions = collection<AdmissionRecord>('admission/');
export const relations = collection<RelationRecord>('relation/');
/** Challenges in force, by the DID of the member they are for. */
export const challenges = collection<readonly Challenge[]>('challenge/');
const pastStatus = collection<PastStatus>('change/');

const pastSuspension = collection<PastSuspension>('suspension/');

const numbered = (id: Bytes | string, number: number): string =>
  `${textOf(id)}/${String(number).padStart(6, '0')}`;

/** @param number from 1: the first change ended the status at publication */
export const readPastStatus = (
  state: PkiState,
  certificate: Bytes | string,
  number: number,
): PastStatus | undefined => pastStatus.get(state, numbered(certificate, number));

export const writePastStatus = (state: State, certificate: Bytes, number: number, past: PastStatus): void =>
  pastStatus.put(state, numbered(certificate, number), past);

/** @param id of an anchor or a batch @param number from 1, in the order in which they were lifted */
export const readPastSuspension = (state: PkiState, id: Bytes, number: number): PastSuspension | undefined =>
  pastSuspension.get(state, numbered(id, number));

export const writePastSuspension = (state: State, id: Bytes, number: number, past: PastSuspension): void =>
  pastSuspension.put(state, numbered(id, number), past);

const counter = (key: string) => ({
  read: (state: PkiState): number => (state.get(key) as number | undefined) ?? 0,
  write: (state: State, value: number): void => state.put(key, value),
});

/** Certificates ever published. */
export const certificateCount = counter('count');
/** Grows with each change of anchors and relations: the version of the trust list. */
export const trustVersion = counter('trust-version');
/** Grows with each change of status: readers know when what they decoded still holds. */
export const statusVersion = counter('status-version');

export const bump = (one: typeof trustVersion, state: State): number => {
  const next = one.read(state) + 1;
  one.write(state, next);
  return next;
};

const BEACON = 'beacon';

/** What no one can know before the blocks that made it: challenges are drawn from it. */
export const readBeacon = (state: PkiState): Bytes =>
  (state.get(BEACON) as Bytes | undefined) ?? new Uint8Array(32);

export const writeBeacon = (state: State, beacon: Bytes): void => state.put(BEACON, beacon);
