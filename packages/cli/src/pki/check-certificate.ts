import { readFile, writeFile } from 'node:fs/promises';
import { type Bytes, systemClock, toHex, unixSeconds } from '@attestel/core';
import type { LedgerTrust } from '@attestel/did/verify';
import {
  type CertificateProof,
  decodeCertificateProof,
  encodeCertificateProof,
  fetchCertificateProof,
  type ProvenCheck,
  verifyCertificateProof,
} from '@attestel/pki';
import type { CommandInput, CommandResult, Run } from '../command.ts';
import { fail } from '../errors.ts';
import { nodeOf } from '../node-api.ts';
import { requiredText, textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { OFFLINE_SECONDS, ONLINE_SECONDS, trustOf } from '../trust-options.ts';
import { certificateOf } from './certificate-file.ts';
import { verdictText } from './verdict-texts.ts';

type Values = CommandInput['values'];

const EXIT_DENIED = 3;
const EXIT_NOT_FOUND = 5;

export const run: Run = async ({ values, positionals }) => {
  const [file] = positionals as [string];
  const der = certificateOf(await readBytes(fromHere(file), 'FILE'));
  const fallback = values.offline === true ? OFFLINE_SECONDS : ONLINE_SECONDS;
  const trust = await trustOf(values, { fallback });
  const at = timeOf(values);
  const proof = values.offline === true ? await savedProof(values) : await fetchedProof(values, der);
  return report(await verifyCertificateProof(der, proof, trust, at), trust);
};

/** @throws option_invalid */
function timeOf(values: Values): number {
  const text = textOr(values, 'at', undefined);
  if (text === undefined) return unixSeconds(systemClock);
  const milliseconds = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(milliseconds))
    throw fail('option_invalid', { field: '--at (such as 2026-11-22T08:00:00Z)' });
  return milliseconds / 1000;
}

const savedProof = async (values: Values): Promise<CertificateProof> =>
  decodeCertificateProof(await readBytes(fromHere(requiredText(values, 'receipt')), '--receipt'));

async function fetchedProof(values: Values, der: Bytes): Promise<CertificateProof> {
  const proof = await fetchCertificateProof(der, { node: nodeOf(values), fetch });
  if (values.receipt !== undefined) {
    await writeFile(fromHere(requiredText(values, 'receipt')), encodeCertificateProof(proof));
  }
  return proof;
}

async function readBytes(path: string, field: string): Promise<Bytes> {
  return new Uint8Array(
    await readFile(path).catch((cause: unknown) => {
      throw fail('option_invalid', { field: `${field} (a file that can be read)`, cause });
    }),
  );
}

function report(check: ProvenCheck, { now }: LedgerTrust): CommandResult {
  const { verdict, record, reason, since, at, checkpointTime, certificate } = check;
  const { said, mend } = verdictText(check);
  const age = Math.max(0, now() - checkpointTime);
  const lines = [
    said,
    ...(since === null ? [] : [`since    ${timeText(since)}`]),
    ...(reason === null ? [] : [`reason   ${reason}`]),
    ...(record === null ? [] : [`role     ${record.role}`, `number   ${record.index}`]),
    `sha-256  ${toHex(certificate)}`,
    `Proven by the witnesses of the policy, ${age} seconds ago.`,
  ];
  return {
    data: {
      verdict,
      certificate: toHex(certificate),
      at,
      since,
      reason,
      checkpointTime,
      index: record?.index ?? null,
    },
    text: lines.join('\n'),
    ...(mend === undefined ? {} : { next: mend }),
    ...(verdict === 'good' ? {} : { exitCode: verdict === 'unknown' ? EXIT_NOT_FOUND : EXIT_DENIED }),
  };
}

const timeText = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000', '');
