import { setTimeout } from 'node:timers/promises';
import { AppError, isAppError, systemClock } from '@attestel/core';
import { parseDid } from '@attestel/did';
import { createLogMirror } from '@attestel/ledger';
import { ProofError } from '@attestel/proof';
import { type Anchoring, anchorSubLedger } from '@attestel/registry';
import type { CommandInput, CommandResult, Run } from '../command.ts';
import { actAs } from '../data-folder.ts';
import { originOf } from '../node-api.ts';
import { requiredText, wholeNumber } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

/** A checkpoint is cosigned within moments of its block. */
const TRIES = 10;
const PAUSE_MILLISECONDS = 500;
const DAY = 86_400;

export const run: Run = async ({ values, progress }) => {
  const anchor = await anchoring(values);
  if (values.every === undefined) return told(await patiently(anchor, progress));
  const seconds = wholeNumber(values, 'every', { fallback: 60, least: 1, most: DAY });
  await forEver(anchor, seconds, progress);
  return undefined;
};

type Anchor = () => Promise<Anchoring>;

async function anchoring(values: CommandInput['values']): Promise<Anchor> {
  const sub = createLogMirror({ url: originOf(requiredText(values, 'sub')), fetch });
  const parent = { url: originOf(requiredText(values, 'parent')), fetch };
  const { keyStore, identity } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  const { did: actor, ledgerKey } = identity;
  const signer = await keyStore.signer(ledgerKey);
  const network = parseDid(actor).network;
  const reportFork = values['report-fork'] === true;
  return () =>
    anchorSubLedger({ sub, parent, actor, signer, network, clock: systemClock, reportFork }).catch(
      (cause: unknown) => {
        if (!(cause instanceof ProofError)) throw cause;
        const { code, message } = cause;
        throw new AppError(code, { kind: 'proof-failed', message }, { field: 'checkpoint', cause });
      },
    );
}

async function patiently(anchor: Anchor, progress: (line: string) => void): Promise<Anchoring> {
  for (let left = TRIES; ; left--) {
    try {
      return await anchor();
    } catch (error) {
      if (left <= 1 || !isAppError(error) || error.code !== 'sub_ledger_not_cosigned') throw error;
      progress('waiting for the cosignatures of its quorum …');
      await setTimeout(PAUSE_MILLISECONDS);
    }
  }
}

/** What will not pass by itself: an operator has to look. */
const FATAL = new Set(['sub_ledger_unknown', 'sub_ledger_stopped', 'sub_ledger_forked']);

async function forEver(anchor: Anchor, seconds: number, progress: (line: string) => void): Promise<never> {
  for (;;) {
    try {
      const { outcome, origin, size } = await anchor();
      if (outcome !== 'unchanged') progress(`${origin}: ${outcome} at ${size} entries`);
      if (outcome === 'forked') throw new AppError('sub_ledger_forked', FORKED, { field: origin });
    } catch (error) {
      if (!isAppError(error) || FATAL.has(error.code)) throw error;
      progress(`not anchored this time: ${error.message} [${error.code}]`);
    }
    await setTimeout(seconds * 1000);
  }
}

const FORKED = { kind: 'proof-failed', message: 'the parent has the evidence of two histories' } as const;
const EXIT_PROOF = 6;

function told({ outcome, origin, size, before }: Anchoring): CommandResult {
  const said = {
    anchored: `${origin} is anchored at ${size} entries; ${size - before} are new.`,
    unchanged: `${origin} was anchored at ${size} entries already.`,
    forked: `${origin} showed two histories at ${size} entries: the parent has the evidence and anchors nothing more.`,
  };
  return {
    data: { outcome, origin, size, before },
    text: said[outcome],
    ...(outcome === 'forked'
      ? {
          exitCode: EXIT_PROOF,
          next: 'its members set a policy without who signed both: registry sub-ledger --replace',
        }
      : {}),
  };
}
