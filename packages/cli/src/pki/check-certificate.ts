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
import { nodeOf } from '../node-api.ts';
import { instant, instantText, requiredText } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { readBytes } from '../read-bytes.ts';
import { OFFLINE_SECONDS, ONLINE_SECONDS, trustOf } from '../trust-options.ts';
import { readCertificate } from './read-argument.ts';
import { verdictText } from './verdict-texts.ts';
import { writeWhole } from './write-whole.ts';

type Values = CommandInput['values'];

const EXIT_DENIED = 3;
const EXIT_NOT_FOUND = 5;

export const run: Run = async ({ values, positionals }) => {
  const [file] = positionals as [string];
  const der = await readCertificate(file, 'FILE');
  const fallback = values.offline === true ? OFFLINE_SECONDS : ONLINE_SECONDS;
  const trust = await trustOf(values, { fallback });
  const at = instant(values, 'at', unixSeconds(systemClock));
  const proof = values.offline === true ? await savedProof(values) : await fetchedProof(values, der);
  return report(await verifyCertificateProof(der, proof, trust, at), trust);
};

const savedProof = async (values: Values): Promise<CertificateProof> =>
  decodeCertificateProof(await readBytes(requiredText(values, 'receipt'), '--receipt'));

async function fetchedProof(values: Values, der: Bytes): Promise<CertificateProof> {
  const proof = await fetchCertificateProof(der, { node: nodeOf(values), fetch });
  if (values.receipt !== undefined) {
    await writeWhole(fromHere(requiredText(values, 'receipt')), encodeCertificateProof(proof));
  }
  return proof;
}

function report(check: ProvenCheck, { now }: LedgerTrust): CommandResult {
  const { verdict, record, reason, since, at, checkpointTime, certificate } = check;
  const { said, mend } = verdictText(check);
  const age = Math.max(0, now() - checkpointTime);
  const lines = [
    said,
    ...(since === null ? [] : [`since    ${instantText(since)}`]),
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
