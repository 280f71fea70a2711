import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../harness/eventually.ts';
import { type PkiMembers, startPkiMembers } from '../harness/pki-members.ts';

interface Got {
  readonly headers: IncomingHttpHeaders;
  readonly event: { readonly [name: string]: unknown };
}

const got: Got[] = [];
let receiver: Server;
let folder: string;
let members: PkiMembers;

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    got.push({ headers: request.headers, event: (await json(request)) as Got['event'] });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  folder = await mkdtemp(join(tmpdir(), 'attestel-webhooks-'));
  const authorizationFile = join(folder, 'authorization');
  await writeFile(authorizationFile, 'Bearer of-the-erp\n');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/events`;
  const webhooks = [{ id: 'erp', url, authorizationFile, modules: ['data.price'] }];
  members = await startPkiMembers({ resolver: true, contracts: { webhooks } });
});
afterAll(async () => {
  await members?.close();
  receiver?.close();
  await rm(folder, { recursive: true, force: true });
});

it('a node tells the party’s own systems what happened, as CloudEvents, whoever did it', async () => {
  const writers = ['--writer', 'zhonglian', '--writer', 'huatong', '--writer', 'vendor'];
  const votes = ['--as', 'zhonglian', '--as', 'huatong'];
  expect(await members.run('zhonglian', 'channel', 'open', 'prices', ...votes, ...writers)).toMatchObject({
    code: 0,
  });
  const terms = { currency: 'CNY', rows: [{ grade: 1, category: 'mobility', perUnit: '0.5' }] };
  const parties = Object.values(members.did);
  const file = join(folder, 'price.json');
  await writeFile(file, JSON.stringify({ terms, parties, validUntil: '2099-01-01T00:00:00Z' }));
  const asked = ['data.price@1', 'propose', '--in', file, '--as', 'zhonglian', '--channel', 'prices'];
  const done = await members.run('zhonglian', 'contract', ...asked);
  expect(done).toMatchObject({ code: 0 });
  // From the node of each of the three parties.
  await eventually(async () => expect(got).toHaveLength(3));
  for (const { headers, event } of got) {
    expect(headers).toMatchObject({
      authorization: 'Bearer of-the-erp',
      'content-type': 'application/cloudevents+json; charset=utf-8',
    });
    expect(event).toMatchObject({
      ...{ specversion: '1.0', type: 'attestel.data.price.proposed', subject: done.data.id },
      ...{ ledgerline: done.data.line, party: members.did.zhonglian },
    });
  }
});
