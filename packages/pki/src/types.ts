import type { Bytes } from '@attestel/core';
import type {
  AdmissionRecord,
  AnchorRecord,
  BatchRecord,
  CertificateRecord,
  CertificateStatus,
  RelationRecord,
} from './state/records.ts';
import type { AnchorStanding, BatchStanding } from './state/standing.ts';

/** Why a certificate is not good, or `good`; `unknown`: not published then. */
export type Verdict =
  | CertificateStatus
  | 'unknown'
  | 'not-yet-valid'
  | 'expired'
  | 'anchor-under-notice'
  | 'anchor-ended'
  | 'anchor-suspended'
  | 'batch-suspended';

export interface CheckResult {
  readonly verdict: Verdict;
  /** Time that the answer is for, unix seconds. */
  readonly at: number;
  /** From when the verdict holds; null where nothing is known. */
  readonly since: number | null;
  readonly reason: string | null;
  /** SHA-256 of the certificate's DER. */
  readonly certificate: Bytes;
  readonly record: CertificateRecord | null;
  /** Version of the trust list at the head. */
  readonly trustVersion: number;
}

export interface Anchor extends AnchorRecord {
  readonly id: Bytes;
  readonly standing: AnchorStanding;
}

export interface Batch extends BatchRecord {
  readonly id: Bytes;
  readonly standing: BatchStanding;
}

export interface Relation extends RelationRecord {
  readonly id: Bytes;
}

/** What the ledger says about certificates, at the last block; times are unix seconds of block time. */
export interface Pki {
  /** By the SHA-256 of its DER. */
  certificate(hash: Bytes): CertificateRecord | undefined;
  /** Hash of the certificate of an issuer (DER of the name) with a serial (magnitude). */
  byIssuerAndSerial(issuer: Bytes, serial: Bytes): Bytes | undefined;
  anchor(id: Bytes): Anchor | undefined;
  /** All anchors, ended ones too. */
  anchors(): readonly Anchor[];
  anchorsInForce(at: number): readonly Anchor[];
  batch(id: Bytes): Batch | undefined;
  /** All batch authorisations. */
  batches(): readonly Batch[];
  relation(id: Bytes): Relation | undefined;
  relations(): readonly Relation[];
  /** Live admissions of a cell. */
  admissions(cell: Bytes, at: number): readonly AdmissionRecord[];
  /** Certificates that are not good, by their index; the rest of the first `count` are. */
  statusSet(at: number): StatusSet;
  /** Answers for a time; default: the last block's. */
  check(der: Bytes, at?: number): CheckResult;
  checkHash(hash: Bytes, at?: number): CheckResult;
  /** Challenges in force for a member. */
  challenges(did: string): readonly { readonly id: Bytes; readonly until: number }[];
  trustVersion(): number;
  statusVersion(): number;
  /** Time of the last block. */
  now(): number;
}

export interface StatusSet {
  /** Certificates ever published. */
  readonly count: number;
  readonly version: number;
  readonly at: number;
  readonly notGood: readonly {
    readonly index: number;
    readonly status: Exclude<CertificateStatus, 'good'>;
    readonly certificate: string;
    readonly anchor: Bytes;
    readonly since: number;
    readonly reason: string | null;
  }[];
}
