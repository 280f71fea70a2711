import { type Bytes, fromBase64, toBase64 } from '@attestel/core';

/** How long the engine may take for an answer that costs it next to nothing. */
const ANSWER_MS = 10_000;
/** Longest answer that is read; a commit of a hundred validators has some 30 kB. */
const MAX_ANSWER_BYTES = 4_000_000;

/** The engine did not answer, or not as documented. */
export class EngineRpcError extends Error {
  override readonly name = 'EngineRpcError';
  /** `data` of a JSON-RPC error, in the engine's words; empty where nothing answered. */
  readonly data: string;
  constructor(message: string, data = '', options?: ErrorOptions) {
    super(message, options);
    this.data = data;
  }
}

export interface EngineStatus {
  readonly nodeId: string;
  readonly network: string;
  readonly height: number;
  readonly appHash: string;
  readonly catchingUp: boolean;
}

/** Of the engine's JSON-RPC interface what a node needs. Every method @throws EngineRpcError */
export interface EngineRpc {
  /** Into the mempool. Resolves with what `checkTx` said: 0 when it was taken. */
  broadcast(tx: Bytes): Promise<{ readonly code: number; readonly log: string }>;
  status(): Promise<EngineStatus>;
  peers(): Promise<number>;
  /** Hash of a block's header, hex: what a node that joins by snapshot is told to trust. */
  blockHash(height: number): Promise<string>;
  validators(): Promise<readonly { readonly publicKey: Bytes; readonly power: number }[]>;
}

type Json = { readonly [field: string]: Json } & { readonly [index: number]: Json } & string;

/** @param url `http://127.0.0.1:26657`; never a listener that others reach, for whoever does may stop the engine's work */
export function createEngineRpc(url: string): EngineRpc {
  const call = async (method: string, params: object = {}): Promise<Json> => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
    const { error, result } = (await post(url, body)) ?? {};
    if (error) throw new EngineRpcError(`engine: ${method} failed`, String(error.data ?? ''));
    if (typeof result !== 'object' || result === null)
      throw new EngineRpcError(`engine: ${method} was answered in another form`);
    return result as Json;
  };
  return {
    async broadcast(tx) {
      const { code, log } = await call('broadcast_tx_sync', { tx: toBase64(tx) });
      return { code: Number(code), log: String(log) };
    },
    async status() {
      const { node_info, sync_info } = await call('status');
      return {
        nodeId: String(node_info?.id),
        network: String(node_info?.network),
        height: Number(sync_info?.latest_block_height),
        appHash: String(sync_info?.latest_app_hash).toLowerCase(),
        catchingUp: Boolean(sync_info?.catching_up),
      };
    },
    peers: async () => Number((await call('net_info')).n_peers),
    blockHash: async (height) =>
      String((await call('block', { height: String(height) })).block_id?.hash).toLowerCase(),
    async validators() {
      const { validators } = await call('validators', { per_page: '100' });
      return (validators as unknown as readonly Json[]).map(({ pub_key, voting_power }) => ({
        publicKey: fromBase64(String(pub_key?.value)),
        power: Number(voting_power),
      }));
    },
  };
}

async function post(
  url: string,
  body: string,
): Promise<{ error?: { data?: unknown }; result?: unknown } | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return JSON.parse(await boundedText(response));
  } catch (cause) {
    throw new EngineRpcError('engine: no answer', '', { cause });
  }
}

async function boundedText(response: Response): Promise<string> {
  const parts: Bytes[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > MAX_ANSWER_BYTES) throw new RangeError('answer too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
