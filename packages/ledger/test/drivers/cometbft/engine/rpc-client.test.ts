import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createEngineRpc, EngineRpcError } from '../../../../src/drivers/cometbft/engine/rpc-client.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An engine that gives this answer and notes what it was asked. */
async function answering(answer: string): Promise<{ url: string; asked: unknown[] }> {
  const asked: unknown[] = [];
  const listening = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.end(answer);
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`, asked };
}
const result = (value: object): string => JSON.stringify({ jsonrpc: '2.0', id: 1, result: value });

describe("the engine's JSON-RPC", () => {
  it('takes a transaction in base64 and tells what checkTx said', async () => {
    const { url, asked } = await answering(result({ code: 2, log: 'operation_expired' }));
    expect(await createEngineRpc(url).broadcast(Uint8Array.of(1, 2, 3))).toEqual({
      code: 2,
      log: 'operation_expired',
    });
    expect(asked).toEqual([{ jsonrpc: '2.0', id: 1, method: 'broadcast_tx_sync', params: { tx: 'AQID' } }]);
  });

  it('tells what the engine says about a transaction that it will not take', async () => {
    const error = { code: -32603, message: 'Internal error', data: 'tx already exists in cache' };
    const { url } = await answering(JSON.stringify({ jsonrpc: '2.0', id: 1, error }));
    await expect(createEngineRpc(url).broadcast(Uint8Array.of(1))).rejects.toMatchObject({
      name: 'EngineRpcError',
      data: 'tx already exists in cache',
    });
  });

  it('reads height and hash as they are written', async () => {
    const { url } = await answering(
      result({
        node_info: { id: 'ab', network: 'net' },
        sync_info: { latest_block_height: '12', latest_app_hash: 'AB0C', catching_up: false },
      }),
    );
    expect(await createEngineRpc(url).status()).toEqual({
      nodeId: 'ab',
      network: 'net',
      height: 12,
      appHash: 'ab0c',
      catchingUp: false,
    });
  });

  for (const answer of ['', 'no json', '{}', '{"result":3}', '{"result":null}', 'null', '[]']) {
    it(`refuses an answer like ${JSON.stringify(answer)}`, async () => {
      const { url } = await answering(answer);
      await expect(createEngineRpc(url).status()).rejects.toThrow(EngineRpcError);
    });
  }

  it('reads no more of an answer than one may have', async () => {
    let sent = 0;
    const endless = createServer((_, response) => {
      const more = (): void => {
        for (sent += 65_536; response.write(Buffer.alloc(65_536, 0x20)); sent += 65_536);
      };
      response.on('drain', more);
      more();
    });
    server = endless;
    await new Promise<void>((resolve) => endless.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    await expect(createEngineRpc(url).status()).rejects.toThrow(EngineRpcError);
    expect(sent).toBeLessThan(40_000_000);
  });

  it('says when nothing answers', async () => {
    const { url } = await answering('');
    server?.close();
    await expect(createEngineRpc(url).peers()).rejects.toThrow('no answer');
  });
});
