import { checkCopy, digestOfSheet, type Ir21, readIr21 } from '@attestel/scenarios';
import type { Run } from '../command.ts';
import { contractCaller } from '../contract/contract-call.ts';
import { fail } from '../errors.ts';
import { readText } from '../read-bytes.ts';

interface Sheet {
  readonly state: { readonly versions: readonly { readonly version: number; readonly body: Ir21 }[] };
}

/** A copy of an IR.21 compared with the newest version that was published. @throws AppError copy_differs */
export const run: Run = async ({ values, positionals }) => {
  const [file = '', id = ''] = positionals;
  const own = readIr21(await readText(file, 'FILE'));
  const { call } = await contractCaller(values);
  const { state } = (await call('roaming.ir21@1.0.0', [id])) as Sheet;
  const published = state.versions.at(-1);
  if (!published) throw fail('object_unknown', { field: 'ID' });
  const digest = digestOfSheet(published.body);
  checkCopy(own, digest);
  return {
    data: { version: published.version, digest },
    text: `version  ${published.version}\ndigest   ${digest}\nThe file is the same.`,
  };
};
