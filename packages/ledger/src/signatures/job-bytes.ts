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
    view.setUint32(header, key.length);
    view.setUint32(header + 4, signature.length);
    view.setUint32(header + 8, message.length);
    bytes.set(key, at);
    bytes.set(signature, at + key.length);
    bytes.set(message, at + key.length + signature.length);
    at += key.length + signature.length + message.length;
  }
  return buffer;
}

/** Views into the buffer. Only for what {@link packJobs} wrote. */
export function unpackJobs(buffer: ArrayBuffer): SignatureJob[] {
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  const jobs: SignatureJob[] = [];
  for (let at = 0; at < bytes.length; ) {
    const ofSignature = at + HEADER_BYTES + view.getUint32(at);
    const ofMessage = ofSignature + view.getUint32(at + 4);
    const end = ofMessage + view.getUint32(at + 8);
    const key = bytes.subarray(at + HEADER_BYTES, ofSignature);
    const signature = bytes.subarray(ofSignature, ofMessage);
    jobs.push({ key, message: bytes.subarray(ofMessage, end), signature });
    at = end;
  }
  return jobs;
}
