import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { multikeyToJwk, systemClock } from '@attestel/core';
import { PHONE_NUMBER_VCT, verifyPresentation } from '@attestel/credentials';
import { measure, type Task } from '../measure.ts';
import type { BenchResult } from '../result.ts';
import { endpointRate } from './endpoint.ts';
import { AUDIENCE, DID, HOLDERS, issue, issueBatch, type Material, makeMaterial, NONCE } from './material.ts';
import { sdJwtTasks } from './peer-sd-jwt.ts';

const BATCH = 10;
const BATCHES = 'batches of 10';
const BATCHES_OF_HOLDERS = HOLDERS / BATCH;
const ONE_SIGNATURE = 'node:crypto one signature';
const TWO_VERIFICATIONS = 'node:crypto two verifications, one import';
const ONE_OF_EACH = 'node:crypto one verification, one import, one signature';

/**
 * Issuing and strictly verifying SD-JWT VCs with four disclosures and key binding. The physical limit of
 * issuing is one ES256 signature; of verifying, two ES256 verifications and the import of the holder's key.
 * Then the credential endpoint, whose limit is one verification, one import and one signature per copy.
 */
export async function run(): Promise<BenchResult> {
  const material = await makeMaterial();
  const tasks = [...ownTasks(material), ...limitTasks(), ...(await sdJwtTasks(material))];
  const rates = await measure(tasks);
  const rate = (name: string): number => rates[name] ?? Number.NaN;
  const ratio = (a: string, b: string): number => Math.round((100 * rate(a)) / rate(b)) / 100;
  const { issue: issueRate = 0, [BATCHES]: batchRate = 0, verify: verifyRate = 0, ...peers } = rates;
  const endpoint = await endpointRate();
  return {
    name: 'credential',
    figures: {
      issue: issueRate,
      issue_in_batch_of_10: BATCH * batchRate,
      verify: verifyRate,
      endpoint_credentials_per_cpu_s: endpoint,
    },
    peers,
    ratios: {
      verify_vs_sdjwt: ratio('verify', '@sd-jwt verify'),
      issue_vs_sdjwt: ratio('issue', '@sd-jwt issue'),
      verify_vs_sdjwt_on_node_crypto: ratio('verify', '@sd-jwt on node:crypto verify'),
      issue_vs_sdjwt_on_node_crypto: ratio('issue', '@sd-jwt on node:crypto issue'),
      verify_vs_limit: ratio('verify', TWO_VERIFICATIONS),
      issue_vs_limit: ratio('issue', ONE_SIGNATURE),
      issue_in_batch_vs_limit: Math.round((100 * BATCH * batchRate) / rate(ONE_SIGNATURE)) / 100,
      endpoint_vs_limit: Math.round((100 * endpoint) / rate(ONE_OF_EACH)) / 100,
    },
  };
}

function ownTasks(material: Material): Task[] {
  const { issuer, x5c, issuerKey, presentations } = material;
  const cnfJwks = material.holders.map((holder) => multikeyToJwk(holder.publicKey));
  const at = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;
  return [
    { name: 'issue', run: (i) => issue({ issuer, x5c, cnfJwk: at(cnfJwks, i) }) },
    {
      name: BATCHES,
      run: (i) =>
        issueBatch({ issuer, x5c, cnfJwks: cnfJwks.slice(BATCH * (i % BATCHES_OF_HOLDERS)).slice(0, BATCH) }),
    },
    {
      name: 'verify',
      run: (i) =>
        verifyPresentation({
          presentation: at(presentations, i),
          audience: AUDIENCE,
          nonce: NONCE,
          clock: systemClock,
          vcts: [PHONE_NUMBER_VCT],
          issuerKeys: async () => ({ key: issuerKey, did: DID }),
          kbMaxAgeSeconds: 3600, // a slow machine shall not run out of time
        }),
    },
  ];
}

function limitTasks(): Task[] {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const message = Buffer.alloc(1_200, 1);
  const signature = sign('sha256', message, privateKey);
  // The fastest way in: a bare PEM string.
  const pem = publicKey.export({ format: 'pem', type: 'spki' });
  return [
    { name: ONE_SIGNATURE, run: () => sign('sha256', message, privateKey) },
    {
      name: ONE_OF_EACH,
      run: () =>
        verify('sha256', message, createPublicKey(pem), signature) && sign('sha256', message, privateKey),
    },
    {
      name: TWO_VERIFICATIONS,
      run: () => {
        const fresh = createPublicKey(pem);
        return verify('sha256', message, publicKey, signature) && verify('sha256', message, fresh, signature);
      },
    },
  ];
}
