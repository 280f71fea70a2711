import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('verify.py', import.meta.url));
export const VECTORS = fileURLToPath(new URL('../vectors/proof/', import.meta.url));

/** -B: no cache files in the working tree. */
const run = (python: string, ...args: string[]) => spawnSync(python, ['-B', ...args], { encoding: 'utf8' });
/** Debian's interpreter has Debian's module; another `python3` may stand before it in PATH. */
const python = ['python3', '/usr/bin/python3'].find(
  (name) => run(name, '-c', 'import cryptography').status === 0,
);

/** Whether to skip; under ATTESTEL_REQUIRE_ALL the tests run, and fail. */
export const missing = python === undefined && process.env.ATTESTEL_REQUIRE_ALL !== '1';
export const titled = (title: string): string =>
  missing ? `${title} (skipped: python3-cryptography absent)` : title;

/** Runs verify_signatures.py over the vectors of signatures. */
export function verifySignatureVectors() {
  if (python === undefined) throw new Error('python3-cryptography is absent');
  const script = fileURLToPath(new URL('verify_signatures.py', import.meta.url));
  return run(python, script, fileURLToPath(new URL('../vectors/signatures/', import.meta.url)));
}

/** Runs verify.py over a folder of vectors. */
export function verify(vectors: string) {
  if (python === undefined) throw new Error('python3-cryptography is absent');
  return run(python, SCRIPT, vectors);
}
