import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attestel, attestelArguments } from './programs.ts';

export interface VendorNode {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The vendor's own node, with the vendor's keys: it follows the ledger that the operator orders, and publishes in the
 * vendor's name what the vendor's line submits.
 */
export async function startVendorNode(
  folder: string,
  { data, operator, port }: { readonly data: string; readonly operator: string; readonly port: number },
): Promise<VendorNode> {
  const dataDir = join(folder, 'vendor');
  await mkdir(dataDir);
  for (const name of ['keys.json', 'identity.cbor'])
    await copyFile(join(data, 'vendor', name), join(dataDir, name));
  const policy = await readFile(join(data, 'policy.txt'), 'utf8');
  const checkpointKey = /^log (\S+)/m.exec(policy)?.[1] ?? '';
  const origin = checkpointKey.split('+', 1)[0] as string;
  const [config, policyFile] = [join(folder, 'vendor.json'), join(folder, 'vendor-policy.txt')];
  const url = `http://localhost:${port}`;
  await writeFile(
    config,
    JSON.stringify({
      ...{ instance: 'vendor', network: origin.split('/').at(-1), dataDir, logLevel: 'warn' },
      name: { 'zh-CN': '辰光设备', en: 'Chenguang Equipment' },
      http: { origin: url, port },
      ledger: { follow: { url: operator, checkpointKey, policyFile, pollSeconds: 0.5 } },
      roles: { resolver: true, pki: {} },
    }),
  );
  // In its own copy of the policy alone: whose cosignatures count for others stays as it is.
  const { witness } = await attestel('node', 'witness', '--config', config, '--name', `${origin}/vendor`);
  await writeFile(policyFile, policy.replace(/^group/m, `witness vendor ${witness}\ngroup`));
  const child = spawn(process.execPath, attestelArguments('node', '--config', config), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await isUp(child);
  return { url, stop: () => ended(child) };
}

/** @throws Error with what it said, where it ends instead */
async function isUp(child: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk;
      if (said.includes('is up at')) resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', () => reject(new Error(`the vendor’s node ended: ${said}`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  await exit;
}
