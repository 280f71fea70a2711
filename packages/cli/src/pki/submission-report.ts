import type { CommandResult } from '../command.ts';
import { besideCertificate } from './pallet.ts';
import { type Rejected, rejectedTable } from './rejected-table.ts';
import type { PartsAnswer, Stopped } from './send-parts.ts';

const EXIT_DENIED = 3;
const EXIT_NO_PROOF = 6;

export interface Published {
  readonly file: string;
  /** Of the certificate, in hex. */
  readonly hash: string;
  readonly index: number;
}

/** What became of the certificates that were given. */
export interface Outcome extends PartsAnswer {
  /** Where receipts were wanted. */
  readonly without: readonly Rejected[] | undefined;
}

export function reportSubmission(outcome: Outcome, node: string): CommandResult {
  const { published, rejected, without, stopped } = outcome;
  const lines = [
    `${published.length} published, ${rejected.length} rejected`,
    ...tableOf(rejected),
    ...(stopped ? ['', ...linesOf(stopped)] : []),
    ...(without ? ['', `${published.length - without.length} receipts written, as NAME.receipt`] : []),
    ...tableOf(without ?? []),
  ];
  const first = published[0];
  const exitCode = exitCodeOf(outcome);
  return {
    data: {
      ...{ published, rejected },
      ...(without && { withoutReceipt: without }),
      ...(stopped && unanswered(stopped)),
    },
    text: lines.join('\n'),
    ...(first && { next: `attestel pki check ${first.file} ${howToCheck(first.file, without, node)}` }),
    ...(exitCode !== undefined && { exitCode }),
  };
}

function exitCodeOf({ rejected, without, stopped }: Outcome): number | undefined {
  if (stopped) return stopped.error.exitCode;
  if (rejected.length > 0) return EXIT_DENIED;
  return without && without.length > 0 ? EXIT_NO_PROOF : undefined;
}

const unanswered = ({ error, files }: Stopped) => ({
  ...{ error: error.code, message: error.message },
  unanswered: files,
});

const linesOf = ({ error, files }: Stopped): readonly string[] => [
  `${files.length} without an answer, from ${files[0]} on: ${error.code}: ${error.message}`,
  'Submit all again when that is mended: what is published by then is told as pki_certificate_exists.',
];

const tableOf = (files: readonly Rejected[]): readonly string[] =>
  files.length === 0 ? [] : ['', ...rejectedTable(files)];

const howToCheck = (file: string, without: Outcome['without'], node: string): string =>
  without && !without.some((one) => one.file === file)
    ? `--offline --receipt ${besideCertificate(file, 'receipt')} --policy FILE`
    : `--node ${node} --policy FILE`;
