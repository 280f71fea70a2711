import { readFile, rename, writeFile } from 'node:fs/promises';
import { AppError } from '@attestel/core';
import { ProofError } from '@attestel/proof';
import { signPolicyLink } from '@attestel/server';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { requiredText } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { nodePassphrase, readNodeConfig } from './node-config.ts';

export const run: Run = async ({ values }) => {
  const config = await readNodeConfig(values);
  const out = fromHere(requiredText(values, 'out'));
  const next = await readText(fromHere(requiredText(values, 'next')));
  if (next === undefined) throw fail('data_missing', { field: '--next' });
  const passphrase = nodePassphrase();
  const signedBefore = await readText(out);
  const link = await signPolicyLink(config, { passphrase, next, signedBefore }).catch((cause: unknown) => {
    if (!(cause instanceof ProofError)) throw cause;
    const { code, message } = cause;
    throw new AppError(code, { kind: 'bad-input', message }, { field: '--next or --out', cause });
  });
  // Signatures of others must not be lost half-way.
  await writeFile(`${out}.new`, link.note, { flush: true });
  await rename(`${out}.new`, out);
  const { sequence, signers, complete } = link;
  return {
    data: { out, sequence, signers, complete },
    text: `Policy ${sequence}, signed by ${signers.join(', ')}: ${complete ? 'a quorum' : 'no quorum yet'}.`,
    next: complete
      ? `name ${out} last in policyLinks of every node, and restart them`
      : 'the next witness signs the same file',
  };
};

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
