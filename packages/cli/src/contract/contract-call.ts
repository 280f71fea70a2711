import type { CommandInput } from '../command.ts';
import { type ActingParty, actAs } from '../data-folder.ts';
import { callNode, nodeOf } from '../node-api.ts';
import { requiredText, textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

export interface ContractCaller extends Pick<ActingParty, 'identity' | 'keyStore'> {
  /** Calls the module's part of the API: the path after module and channel. */
  call(
    module: string,
    path: readonly string[],
    more?: {
      readonly method?: 'POST' | 'DELETE';
      readonly query?: URLSearchParams;
      readonly body?: unknown;
    },
  ): Promise<unknown>;
  /** Has the node compare all that it keeps with the ledger. */
  verify(): Promise<unknown>;
}

/** The contract API of the node of `--node`, in the name of `--as`. @throws AppError data_missing */
export async function contractCaller(values: CommandInput['values']): Promise<ContractCaller> {
  const [node, channel] = [nodeOf(values), textOr(values, 'channel', 'main')];
  const { token, identity, keyStore } = await actAs(dataDirOf(values), requiredText(values, 'as'));
  return {
    ...{ identity, keyStore },
    async call(module, path, { method, query = new URLSearchParams(), body } = {}) {
      const principal = textOr(values, 'for', undefined);
      if (principal !== undefined) query.append('as', principal);
      const place = ['v1', 'contracts', module, channel, ...path].map(encodeURIComponent).join('/');
      const search = query.size > 0 ? `?${query}` : '';
      const request = { ...(method && { method }), ...(body === undefined ? {} : { body }) };
      return callNode(`${node}/${place}${search}`, { ...request, token: await token(node) });
    },
    verify: async () => callNode(`${node}/v1/contracts/verification`, { token: await token(node) }),
  };
}
