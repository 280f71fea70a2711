import { AppError, type ErrorKind, type JsonValue } from '@attestel/core';
import { createPartyToken } from '@attestel/did';
import { CONTRACTS_PATH } from '@attestel/scenarios';
import type { Provisioned } from '../provision.ts';
import type { World } from '../world.ts';

export interface ContractCall {
  /** Origin of the node. */
  readonly node: string;
  /** Who acts. */
  readonly by: Provisioned;
  readonly channel: string;
  readonly module: string;
}

const KINDS: Readonly<Record<number, ErrorKind>> = {
  400: 'bad-input',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
};

/** The contract call as any client makes it. @throws AppError with the node's code; network_failed */
export function createContractCaller({ clock, options }: Pick<World, 'clock' | 'options'>) {
  const send = options.fetch ?? fetch;
  const request = async (
    { node, by, channel, module }: ContractCall,
    path: string,
    body?: object,
  ): Promise<JsonValue> => {
    const { did, kid, assertionKey } = by.identity;
    const signer = await by.party.keyStore.signer(assertionKey);
    const token = await createPartyToken({ did, kid, signer, audience: node, clock });
    const url = `${node}${CONTRACTS_PATH}/${encodeURIComponent(module)}/${encodeURIComponent(channel)}/${path}`;
    const response = await send(url, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as JsonValue;
    if (response.ok) return answer;
    const { code, title } = answer as { code: string; title?: string };
    throw new AppError(code, { kind: KINDS[response.status] ?? 'unavailable', message: title ?? code });
  };
  return {
    /** @returns the object that was begun or moved */
    async run(call: ContractCall, { command, id, data }: { command: string; id?: string; data: object }) {
      const answer = await request(call, `${command}${id === undefined ? '' : `?id=${id}`}`, data);
      return (answer as { readonly id: string }).id;
    },
    async query(call: ContractCall, name: string, args: Readonly<Record<string, string>>) {
      const answer = await request(call, `queries/${name}?${new URLSearchParams(args)}`);
      return (answer as { readonly result: JsonValue }).result;
    },
  };
}
