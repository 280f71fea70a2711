import { type Bytes, fromHex, toHex } from '@attestel/core';
import type { Ledger } from '@attestel/ledger';
import { checkCertificate } from './check-certificate.ts';
import { CHALLENGE_SECONDS } from './rules/possession.ts';
import { nameHash } from './rules/tokens.ts';
import { sha256 } from './sha256.ts';
import {
  type AnchorRecord,
  admissions,
  anchors,
  type BatchRecord,
  batches,
  type CertificateRecord,
  certificateCount,
  certificates,
  challenges,
  names,
  PKI_MODULE,
  relations,
  statusVersion,
  trustVersion,
} from './state/records.ts';
import { anchorStanding, batchStanding, statusAt } from './state/standing.ts';
import type { Anchor, Batch, Pki, StatusSet } from './types.ts';

type LedgerReader = Pick<Ledger, 'head' | 'state'>;

/** Reads module `pki` at the ledger's head. */
export function createPki(ledger: LedgerReader): Pki {
  const state = () => ledger.state(PKI_MODULE);
  const now = (): number => ledger.head().time;
  const anchorOf = (id: Bytes, record: AnchorRecord): Anchor => ({
    ...record,
    id,
    standing: anchorStanding(record, now()),
  });
  const batchOf = (id: Bytes, record: BatchRecord): Batch => ({
    ...record,
    id,
    standing: batchStanding(record, now()),
  });
  const allAnchors = (): Anchor[] =>
    anchors.list(state()).map(([id, record]) => anchorOf(fromHex(id), record));
  const statusSets = createStatusSets();
  const checkHash: Pki['checkHash'] = (hash, at = now()) => checkCertificate(state(), hash, at);
  return {
    certificate: (hash) => certificates.get(state(), hash),
    byIssuerAndSerial: (issuer, serial) => names.find(state(), nameHash(issuer, serial, sha256)),
    anchor(id) {
      const record = anchors.get(state(), id);
      return record && anchorOf(id, record);
    },
    anchors: allAnchors,
    anchorsInForce: (at) => allAnchors().filter((anchor) => anchorStanding(anchor, at) === 'in-force'),
    batch(id) {
      const record = batches.get(state(), id);
      return record && batchOf(id, record);
    },
    batches: () => batches.list(state()).map(([id, record]) => batchOf(fromHex(id), record)),
    relation(id) {
      const record = relations.get(state(), id);
      return record && { ...record, id };
    },
    relations: () => relations.list(state()).map(([id, record]) => ({ ...record, id: fromHex(id) })),
    admissions: (cell, at) =>
      admissions
        .list(state(), `${toHex(cell)}/`)
        .map(([, record]) => record)
        .filter(({ until }) => until > at),
    statusSet: (at) => statusSets(state(), at),
    check: (der, at) => checkHash(sha256(der), at),
    checkHash,
    challenges: (did) =>
      (challenges.get(state(), did) ?? [])
        .map(([id, time]) => ({ id, until: time + CHALLENGE_SECONDS }))
        .filter(({ until }) => until >= now()),
    trustVersion: () => trustVersion.read(state()),
    statusVersion: () => statusVersion.read(state()),
    now,
  };
}

type Changed = readonly (readonly [certificate: string, record: CertificateRecord])[];

/** Looks through all certificates once for each change of a status: new ones are good, and time only ends suspensions. */
function createStatusSets() {
  let known: { readonly version: number; readonly changed: Changed } | undefined;
  return (state: ReturnType<LedgerReader['state']>, at: number): StatusSet => {
    const version = statusVersion.read(state);
    if (known?.version !== version) {
      known = { version, changed: certificates.list(state).filter(([, { status }]) => status !== 'good') };
    }
    const notGood = known.changed.flatMap(([certificate, record]) => {
      const status = statusAt(record, at);
      if (status === 'good') return [];
      const { index, anchor, since, reason } = record;
      return [{ index, status, certificate, anchor, since, reason }];
    });
    return {
      ...{ count: certificateCount.read(state), version, at },
      notGood: notGood.sort((a, b) => a.index - b.index),
    };
  };
}
