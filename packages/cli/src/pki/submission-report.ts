import type { CommandResult } from '../command.ts';
import { besideCertificate } from './pallet.ts';
import { type Rejected, rejectedTable } from './rejected-table.ts';

const EXIT_DENIED = 3;
const EXIT_NO_PROOF = 6;

export interface Published {
  readonly file: string;
  /** Of the certificate, in hex. */
  readonly hash: string;
  readonly index: number;
}

/** What became of the certificates that were given. */
export interface Outcome {
  readonly published: readonly Published[];
  readonly rejected: readonly Rejected[];
  /** Where receipts were wanted. */
  readonly without: readonly Rejected[] | undefined;
}

export function reportSubmission({ published, rejected, without }: Outcome, node: string): CommandResult {
  const lines = [
    `${published.length} published, ${rejected.length} rejected`,
    ...tableOf(rejected),
    ...(without ? ['', `${published.length - without.length} receipts written, as NAME.receipt`] : []),
    ...tableOf(without ?? []),
  ];
  const first = published[0];
  return {
    data: { published, rejected, ...(without && { withoutReceipt: without }) },
    text: lines.join('\n'),
    ...(first && { next: `attestel pki check ${first.file} ${howToCheck(first.file, without, node)}` }),
    ...(rejected.length > 0
      ? { exitCode: EXIT_DENIED }
      : without && without.length > 0 && { exitCode: EXIT_NO_PROOF }),
  };
}

const tableOf = (files: readonly Rejected[]): readonly string[] =>
  files.length === 0 ? [] : ['', ...rejectedTable(files)];

const howToCheck = (file: string, without: Outcome['without'], node: string): string =>
  without && !without.some((one) => one.file === file)
    ? `--offline --receipt ${besideCertificate(file, 'receipt')} --policy FILE`
    : `--node ${node} --policy FILE`;
