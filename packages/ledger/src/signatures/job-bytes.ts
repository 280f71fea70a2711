import type { SignatureJob } from './batch-verifier.ts';

const HEADER_BYTES = 4 + 4 + 4;

/**
 * Jobs in one buffer that changes threads without being copied: per job three lengths, then key, signature, message.
 * Cloning three arrays a job would cost as much as half a verification.
 */
export function packJobs(jobs: readonly SignatureJob[]): ArrayBuffer {
  const size = jobs.reduce(
    (sum, { key, message, signature }) => sum + HEADER_BYTES + key.length + signature.length + message.length,
    0,
  );
  const buffer = new ArrayBuffer(size);
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  let at = 0;
  for (const { key, message, signature } of jobs) {
    const header = at;
    at += HEADER_BYTES;
    [key, signature, message].forEach((part, i) => {
      view.setUint32(header + 4 * i, part.length);
      bytes.set(part, at);
      at += part.length;
    });
  }
  return buffer;
}

/** Views into the buffer. Only for what {@link packJobs} wrote. */
export function unpackJobs(buffer: ArrayBuffer): SignatureJob[] {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  const jobs: SignatureJob[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lengths = [view.getUint32(at), view.getUint32(at + 4), view.getUint32(at + 8)];
    at += HEADER_BYTES;
    const [key, signature, message] = lengths.map((length) => {
      at += length;
      return bytes.subarray(at - length, at);
    }) as [Uint8Array, Uint8Array, Uint8Array];
    jobs.push({ key, message, signature });
  }
  return jobs;
}
