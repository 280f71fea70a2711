import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bytes, concatBytes, fromBase64, toBase64, toHex } from '@attestel/core';
import { fail } from '../../../errors.ts';

const ADDRESS_BYTES = 20;
const SEED_BYTES = 32;
const PUBLIC_TYPE = 'tendermint/PubKeyEd25519';
const PRIVATE_TYPE = 'tendermint/PrivKeyEd25519';

/** Who an engine is: to its peers (node id) and in votes (consensus key). */
export interface EngineIdentity {
  /** Lower-case hex, in front of the `@` in addresses of peers. */
  readonly nodeId: string;
  /** Ed25519, 32 bytes. What the registry's `validator.set` names. */
  readonly consensusKey: Bytes;
}

interface KeyPair {
  readonly publicKey: Bytes;
  /** Seed and public key, as the engine keeps them. */
  readonly secret: Bytes;
}

/**
 * Makes the keys of an engine's home where they are missing, readable by the owner alone. The consensus key is
 * the engine's own and used for nothing else. @throws AppError engine_home_invalid when a key file is not one
 */
export async function ensureEngineKeys(home: string): Promise<EngineIdentity> {
  await mkdir(join(home, 'config'), { recursive: true, mode: 0o700 });
  await mkdir(join(home, 'data'), { recursive: true, mode: 0o700 });
  const node = await keyIn(join(home, 'config', 'node_key.json'), ({ secret }) => ({
    priv_key: { type: PRIVATE_TYPE, value: toBase64(secret) },
  }));
  const validator = await keyIn(join(home, 'config', 'priv_validator_key.json'), ({ publicKey, secret }) => ({
    address: addressOf(publicKey),
    pub_key: { type: PUBLIC_TYPE, value: toBase64(publicKey) },
    priv_key: { type: PRIVATE_TYPE, value: toBase64(secret) },
  }));
  // What this validator voted for last: made once and never again, or it could vote twice.
  await writeOnce(join(home, 'data', 'priv_validator_state.json'), { height: '0', round: 0, step: 0 });
  return { nodeId: addressOf(node.publicKey).toLowerCase(), consensusKey: validator.publicKey };
}

/** Upper-case hex. */
export const addressOf = (publicKey: Bytes): string =>
  toHex(createHash('sha256').update(publicKey).digest().subarray(0, ADDRESS_BYTES)).toUpperCase();

/** JSON form of a consensus key in genesis files. */
export const publicKeyJson = (publicKey: Bytes) => ({ type: PUBLIC_TYPE, value: toBase64(publicKey) });

async function keyIn(file: string, format: (key: KeyPair) => object): Promise<KeyPair> {
  const made = await writeOnce(file, format(newKey()));
  try {
    const { priv_key } = JSON.parse(made);
    const secret = fromBase64(priv_key.value);
    if (priv_key.type !== PRIVATE_TYPE || secret.length !== 2 * SEED_BYTES)
      throw new TypeError('not Ed25519');
    return { secret, publicKey: secret.slice(SEED_BYTES) };
  } catch {
    // Without its cause: a parser's message may quote the secret.
    throw fail('engine_home_invalid', { field: file });
  }
}

/** Text of the file, which is written only where there is none, and whole: a machine may die meanwhile. */
async function writeOnce(file: string, value: object): Promise<string> {
  const made = `${file}.${process.pid}.new`;
  try {
    await writeFile(made, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true });
    await link(made, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(made, { force: true });
  }
  return readFile(file, 'utf8');
}

function newKey(): KeyPair {
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
    publicKeyEncoding: { format: 'der', type: 'spki' },
  });
  const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(spki.subarray(-SEED_BYTES));
  return { publicKey, secret: concatBytes(privateKey.subarray(-SEED_BYTES), publicKey) };
}
