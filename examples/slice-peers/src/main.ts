import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { systemClock, systemRandom, unixSeconds } from '@attestel/core';
import { ledgerRoutes } from '@attestel/ledger';
import { bundleRoutes, certificateProofEndpoint } from '@attestel/pki';
import { formatPolicy } from '@attestel/proof';
import { openAlliance } from './alliance.ts';
import { act, type NetworkFunction, type Operator, openOperator, SLICE } from './operator.ts';
import { hasOpenssl, type Program, startExample, startOpenssl } from './program.ts';
import { serveRoutes } from './serve-routes.ts';

const folder = await mkdtemp(join(tmpdir(), 'slice-peers-'));
const programs: Program[] = [];
const alliance = await openAlliance();
const { ledger, pki } = alliance;
const node = await serveRoutes([
  ...ledgerRoutes(ledger),
  ...bundleRoutes({ pki, ledger, clock: systemClock }),
  certificateProofEndpoint(ledger),
]);

try {
  await show();
} finally {
  for (const program of programs) await program.stop();
  await node.close();
  await ledger.close();
  await rm(folder, { recursive: true });
}

async function show(): Promise<void> {
  const [a, b] = [
    await openOperator(alliance, alliance.a, '001'),
    await openOperator(alliance, alliance.b, '002'),
  ];
  const [first, second, other] = [await a.issue('smf1'), await a.issue('smf2'), await b.issue('smf1')];
  const server = start('./server.ts', await settings(b, other));
  const port = ((await server.says(/listening \d+/)) ?? '').split(' ')[1] ?? '';
  const attempt = async (when: string, own: NetworkFunction): Promise<Program> => {
    const client = start('./client.ts', { ...(await settings(a, own)), PORT: port, PEER: other.name });
    // Whoever is greeted has been looked at by the other side, too.
    report(when, 'node', await client.says(/heard .*|refused .*|closed/));
    if (hasOpenssl()) report(when, 'openssl', await opensslAttempt(a, own, { port, name: other.name }));
    return client;
  };

  await attempt('before', first);
  const relation = await relate(a, b);
  const client = await attempt('during', first);

  const suspension = { certificates: [first.hash], reason: 'key-compromise' };
  await act(alliance, 'status.suspend', suspension, [a.company]);
  report('suspended', 'node', await server.says(/cut .*/));
  await client.says(/closed/);

  const until = unixSeconds(systemClock) + 3;
  const previous = pki.relation(relation)?.operation ?? null;
  await act(alliance, 'relation.end', { relation, until, reason: null }, [b.company], previous);
  await setTimeout((until + 1) * 1000 - systemClock.now());
  await attempt('after', second);
}

function report(when: string, by: string, result: string | undefined): void {
  console.log(`${when.padEnd(10)} ${by.padEnd(8)} ${result ?? 'ended without a word'}`);
}

function start(file: string, env: Readonly<Record<string, string>>): Program {
  const program = startExample(file, env);
  programs.push(program);
  return program;
}

/** What an operator gives its program: files, and where the ledger is. */
async function settings({ company }: Operator, own: NetworkFunction): Promise<Record<string, string>> {
  const files = { CERT: own.cert, KEY: own.key, POLICY: formatPolicy(alliance.policy) };
  const written = Object.entries(files).map(async ([name, text]): Promise<[string, string]> => {
    const path = join(folder, `${own.name}.${company === alliance.a ? 'a' : 'b'}.${name.toLowerCase()}`);
    await writeFile(path, text, { mode: 0o600 });
    return [name, path];
  });
  return {
    NODE_URL: node.url,
    OPERATOR: company.did,
    SLICE,
    ...Object.fromEntries(await Promise.all(written)),
  };
}

/** An unmodified program of A, which fetches its bundle as a file. */
async function opensslAttempt(
  a: Operator,
  own: NetworkFunction,
  to: { readonly port: string; readonly name: string },
): Promise<string | undefined> {
  const roots = join(folder, 'bundle.pem');
  const answer = await fetch(`${node.url}/v1/pki/bundles/${a.company.did}/${SLICE}.pem`);
  await writeFile(roots, await answer.text());
  const { CERT = '', KEY = '' } = await settings(a, own);
  const peer = ['-connect', `127.0.0.1:${to.port}`, '-servername', to.name, '-verify_hostname', to.name];
  const files = ['-cert', CERT, '-key', KEY, '-CAfile', roots];
  const client = startOpenssl(['s_client', '-verify_return_error', '-quiet', ...peer, ...files]);
  programs.push(client);
  const result = await client.says(/hello .*|verify error.*/);
  await client.stop();
  return result;
}

/** For a day, unless one of them ends it. */
async function relate(a: Operator, b: Operator): Promise<Uint8Array> {
  const sides = [a, b].sort((one, two) => (one.company.did < two.company.did ? -1 : 1));
  const now = unixSeconds(systemClock);
  await act(
    alliance,
    'relation.sign',
    {
      parties: sides.map(({ company }) => company.did),
      anchors: sides.map(({ anchor }) => [anchor]),
      ...{ nfTypes: ['SMF'], slices: [SLICE], from: now, until: now + 86_400, salt: systemRandom.bytes(16) },
    },
    sides.map(({ company }) => company),
  );
  const signed = pki.relations().at(-1);
  if (!signed) throw new Error('no relation');
  return signed.id;
}
