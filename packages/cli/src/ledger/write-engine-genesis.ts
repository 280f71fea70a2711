import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { silentLogger, toHex } from '@attestel/core';
import {
  createLedgerHost,
  formatEngineGenesis,
  openExecutor,
  openLmdbStore,
  storedHead,
} from '@attestel/ledger';
import { registryValidators } from '@attestel/registry';
import { LEDGER_RULES } from '@attestel/server';
import type { Run } from '../command.ts';
import { fail } from '../errors.ts';
import { requiredText, textOr } from '../option-values.ts';
import { fromHere } from '../paths.ts';
import { assertLedgerFolder } from './stored-ledger.ts';

export const run: Run = async ({ values }) => {
  const path = fromHere(requiredText(values, 'store'));
  const out = fromHere(textOr(values, 'out', 'genesis.json'));
  const { text, chainId, validators, size } = await genesisOf(path);
  await writeFile(out, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'EEXIST' ? fail('folder_taken', { field: '--out', cause }) : cause;
  });
  const hash = createHash('sha256').update(text).digest('hex');
  return {
    data: { out, sha256: hash, chainId, entries: size, validators },
    text: [
      `chain      ${chainId}, which goes on after entry ${size - 1}`,
      ...validators.map(({ key, power }) => `validator  ${key} power ${power}`),
      `sha256     ${hash}`,
    ].join('\n'),
    next: 'compare the hash with the other members: the file is the same for all',
  };
};

/** Made from the ledger alone, so that each member can make it and none has to be believed. @throws option_invalid */
async function genesisOf(path: string) {
  assertLedgerFolder(path);
  const store = await openLmdbStore({ path, readOnly: true });
  try {
    const stored = storedHead(store);
    if (!stored) throw fail('data_missing', { field: 'ledger in --store' });
    const { network, origin } = stored;
    const { book, executor } = await openExecutor({ ...LEDGER_RULES, network, origin, store });
    const { ledger } = createLedgerHost({ book, store, executor, policy: undefined, logger: silentLogger });
    const validators = registryValidators.current((module) => ledger.state(module));
    if (validators.length === 0)
      throw fail('option_invalid', { field: '--store: its registry names no validator' });
    const { body: checkpoint, time, size } = ledger.head();
    const chainId = `attestel-${network}`;
    const text = formatEngineGenesis({
      ...{ chainId, timeMs: time * 1000, validators: [] },
      ledger: { network, origin, checkpoint },
    });
    return {
      ...{ text, chainId, size },
      validators: validators.map(({ publicKey, power }) => ({ key: toHex(publicKey), power })),
    };
  } finally {
    await store.close();
  }
}
