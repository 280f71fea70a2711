import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { multikeyToJwk } from '@attestel/core';
import { digest, ES256, generateSalt } from '@sd-jwt/crypto-nodejs';
import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc';
import type { Task } from '../measure.ts';
import { AUDIENCE, CLAIMS, DID, type Material, NONCE, plainClaims } from './material.ts';

type Jwk = Record<string, string>;
interface Primitives {
  readonly signerOf: (privateJwk: Jwk) => Promise<(data: string) => string | Promise<string>>;
  readonly verifierOf: (
    publicJwk: Jwk,
  ) => Promise<(data: string, signature: string) => boolean | Promise<boolean>>;
}

/** As the library documents it: its own Web Crypto package. */
const own: Primitives = {
  signerOf: (jwk) => ES256.getSigner(jwk),
  verifierOf: (jwk) => ES256.getVerifier(jwk),
};

/** The fastest it can be given in Node. */
const nodeCrypto: Primitives = {
  signerOf: async (jwk) => {
    const key = createPrivateKey({ key: jwk, format: 'jwk' });
    return (data) =>
      sign('sha256', Buffer.from(data), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  },
  verifierOf: async (jwk) => {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return (data, signature) => {
      const options = { key, dsaEncoding: 'ieee-p1363' } as const;
      return verify('sha256', Buffer.from(data), options, Buffer.from(signature, 'base64url'));
    };
  },
};

/** Issue and verify with @sd-jwt 0.19.0: same claims, same header, holder key imported at each verification. */
export async function sdJwtTasks(material: Material): Promise<Task[]> {
  return [
    ...(await tasksWith('@sd-jwt', own, material)),
    ...(await tasksWith('@sd-jwt on node:crypto', nodeCrypto, material)),
  ];
}

async function tasksWith(name: string, primitives: Primitives, material: Material): Promise<Task[]> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' }) as Jwk;
  const instance = new SDJwtVcInstance({
    signer: await primitives.signerOf(jwkOf(pair.privateKey)),
    signAlg: 'ES256',
    verifier: await primitives.verifierOf(jwkOf(pair.publicKey)),
    kbSignAlg: 'ES256',
    kbVerifier: async (data, signature, payload) => {
      const cnf = payload.cnf as { jwk: Jwk };
      return (await primitives.verifierOf(cnf.jwk))(data, signature);
    },
    hasher: digest,
    hashAlg: 'sha-256',
    saltGenerator: generateSalt,
  });
  const x5c = material.x5c.map((der) => Buffer.from(der).toString('base64'));
  // Without a status claim, for which the library would go and fetch a list.
  const { status: _, ...plain } = plainClaims();
  const frame = { _sd: Object.keys(CLAIMS) } as never;
  const issue = (cnfJwk: object): Promise<string> =>
    instance.issue({ ...plain, ...CLAIMS, cnf: { jwk: cnfJwk } } as never, frame, {
      header: { kid: `${DID}#key-1`, x5c },
    });
  const presentations = await Promise.all(
    material.holders.map(async () => {
      const holder = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const sdJwt = await issue(jwkOf(holder.publicKey));
      return { sdJwt, signer: await primitives.signerOf(jwkOf(holder.privateKey)) };
    }),
  ).then((list) => presentAll(instance, list));
  const cnfJwks = material.holders.map((holder) => multikeyToJwk(holder.publicKey));
  return [
    { name: `${name} issue`, run: (i) => issue(cnfJwks[i % cnfJwks.length] as object) },
    {
      name: `${name} verify`,
      run: (i) =>
        instance.verify(presentations[i % presentations.length] as string, { keyBindingNonce: NONCE }),
    },
  ];
}

async function presentAll(
  instance: SDJwtVcInstance,
  list: readonly { sdJwt: string; signer: (data: string) => string | Promise<string> }[],
): Promise<string[]> {
  const frame = Object.fromEntries(Object.keys(CLAIMS).map((claim) => [claim, true])) as never;
  const out: string[] = [];
  for (const { sdJwt, signer } of list) {
    instance.config({ kbSigner: signer });
    const payload = { iat: Math.floor(Date.now() / 1000), aud: AUDIENCE, nonce: NONCE };
    out.push(await instance.present(sdJwt, frame, { kb: { payload } }));
  }
  return out;
}
