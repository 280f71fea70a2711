import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ATTESTEL = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. Never throws for its exit code. */
const run = (program: string, args: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(program, [...args], (error, out, err) => {
      const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
      resolve({ code, out, err });
    });
  });

/** @throws Error with what the program said */
export async function openssl(...args: string[]): Promise<string> {
  const { code, out, err } = await run('openssl', args);
  if (code !== 0) throw new Error(`openssl ${args[0]} ended with ${code}: ${err}`);
  return out;
}

/** What `attestel … --json` prints, and its exit code, for whoever expects one. */
export async function tryAttestel(...args: string[]) {
  const { code, out, err } = await run(process.execPath, [
    '--conditions=source',
    ATTESTEL,
    ...args,
    '--json',
  ]);
  if (out === '') throw new Error(`attestel ${args.join(' ')}: ${err}`);
  return { code, data: JSON.parse(out) };
}

/** @throws Error with what the command said */
export async function attestel(...args: string[]) {
  const { code, data } = await tryAttestel(...args);
  if (code !== 0) throw new Error(`attestel ${args.join(' ')}: ${data.message}`);
  return data;
}

export const attestelArguments = (...args: string[]): string[] => ['--conditions=source', ATTESTEL, ...args];

export function isInstalled(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
}

/** What strongSwan says of a certificate that it knows nothing of but the CA. */
export async function strongSwanTrusts(certificate: string, ca: string): Promise<boolean> {
  const { code, out } = await run('pki', ['--verify', '--in', certificate, '--cacert', ca]);
  return code === 0 && out.includes('certificate trusted');
}
