import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openLine } from './production-line.ts';
import { attestel, isInstalled, openssl, strongSwanTrusts, tryAttestel } from './programs.ts';
import { startVendorNode } from './vendor-node.ts';

/** How the demo's parties protect their keys: not at all, and everybody may read so. */
process.env.ATTESTEL_PASSPHRASE ??= 'attestel demo: not a secret';
const data = resolve(process.env.ATTESTEL_DATA ?? '.attestel');
const operator = process.env.NODE_URL ?? 'http://localhost:4101';
const port = Number(process.env.VENDOR_PORT ?? 4190);
const CELLS = 3;

if (!isInstalled('openssl')) throw new Error('openssl is missing on this machine');
const folder = await mkdtemp(join(tmpdir(), 'small-cell-'));
try {
  const vendor = await startVendorNode(folder, { data, operator, port });
  await story(vendor.url).finally(vendor.stop);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function story(vendor: string): Promise<void> {
  const as = (party: string, node: string): string[] => ['--as', party, '--data', data, '--node', node];
  const line = openLine(folder);
  const serials = serialsOfToday();
  const [first = '', second = '', copied = ''] = serials;
  for (const serial of [first, second]) await line.makeCell(serial);
  await line.copyCell(first, copied);
  tell('line', `${CELLS} cells made, ${serials.join(' ')}; the last with the key of the first`);

  const anchors: readonly Listed[] = await attestel('pki', 'anchor', 'list', '--node', operator);
  const own = anchors.find(({ scope }) => scope.kind === 'vendor');
  const authority = await authorityOf(operator);
  // There are other operators; an anchor is named by the hash of its certificate.
  const anchor = createHash('sha256').update(authority).digest('hex');
  const network = anchors.find(({ id }) => id === anchor);
  if (!own || !network) throw new Error('this ledger has no vendor’s anchor: is it the one of npm start?');
  const terms = ['--product', 'CG-5G indoor cell', '--number', `EX-${Date.now()}`, '--count', String(CELLS)];
  const to = ['--first', first, '--anchor', own.id, '--destination', network.scope.owner];
  const { batch } = await attestel('pki', 'batch', 'authorise', ...terms, ...to, ...as('vendor', vendor));
  tell('vendor', `batch ${batch} authorised`);

  const certificates = serials.map((serial) => line.file(serial, 'crt'));
  const claim = ['--challenge', batch, '--submitter', own.scope.owner];
  await attestel('pki', 'statement', ...certificates, ...claim);
  for (const serial of serials) await line.prove(serial);
  const pallet = ['--pallet', folder, '--role', 'small-cell', '--anchor', own.id, '--batch', batch];
  const { data: result } = await tryAttestel('pki', 'submit', ...pallet, ...as('vendor', vendor));
  tell('vendor', `${result.published.length} published, refused: ${result.rejected[0]?.code ?? 'none'}`);

  const receipt = line.file(first, 'receipt');
  await checked('installer', line.file(first, 'crt'), ['--node', operator, '--receipt', receipt]);
  await checked('offline', line.file(first, 'crt'), ['--offline', '--receipt', receipt]);

  const ca = await writePem(authority);
  await enrol(line, { serial: first, ca });
  const issued = line.file(first, 'op.crt');
  await checked('enrolled', issued, ['--node', operator]);
  const why = ['--reason', 'key-compromise', ...as('zhonglian', operator)];
  await attestel('pki', 'revoke', issued, ...why);
  await checked('revoked', issued, ['--node', operator]);
  const trusts = isInstalled('pki')
    ? await strongSwanTrusts(issued, ca)
    : 'not asked: strongSwan is not installed';
  tell('the CA alone', `would strongSwan take it? ${trusts}`);
}

interface Listed {
  readonly id: string;
  readonly scope: { readonly kind: string; readonly owner: string };
}

/** Never used before: a serial is published once. The demo's own begin with 000001. */
function serialsOfToday(): readonly string[] {
  const start = 100_000 + (Math.floor(Date.now() / 1000) % 800_000);
  return Array.from({ length: CELLS }, (_, i) => `CG5G-${start + i}`);
}

async function checked(who: string, certificate: string, more: readonly string[]): Promise<void> {
  const policy = join(data, 'policy.txt');
  const { code, data: said } = await tryAttestel('pki', 'check', certificate, '--policy', policy, ...more);
  tell(who, `${said.verdict ?? said.message} (exit code ${code})`);
}

/** DER. */
async function authorityOf(node: string): Promise<Uint8Array> {
  const answer = await fetch(`${node}/pki/ca.crt`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function writePem(certificate: Uint8Array): Promise<string> {
  const [der, pem] = [join(folder, 'ca.der'), join(folder, 'ca.pem')];
  await writeFile(der, certificate);
  await openssl('x509', '-inform', 'DER', '-in', der, '-out', pem);
  return pem;
}

/** As a base station does (TS 33.310 cl. 9): the request is signed with what the vendor put into it. */
async function enrol(
  line: ReturnType<typeof openLine>,
  { serial, ca }: { readonly serial: string; readonly ca: string },
): Promise<void> {
  const key = line.file(serial, 'op.key');
  await openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', key);
  const vendors = line.file(serial, 'crt');
  await openssl(
    ...['cmp', '-cmd', 'ir', '-server', new URL(operator).host, '-path', '.well-known/cmp/p/cells'],
    ...['-cert', vendors, '-key', line.file(serial, 'key'), '-extracerts', vendors, '-trusted', ca],
    ...['-newkey', key, '-subject', '/CN=cell', '-certout', line.file(serial, 'op.crt')],
  );
  tell('cell', 'has exchanged its certificate for one of the operator, by CMP');
}

function tell(who: string, what: string): void {
  console.log(`${who.padEnd(12)} ${what}`);
}
