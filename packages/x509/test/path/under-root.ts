import type { Bytes } from '@attestel/core';
import { type GeneralName, type PathInput, parseCertificate, validatePath } from '@attestel/x509';
import { expect } from 'vitest';
import { AT, authority, CA_EXTENSIONS, issued } from '../chains.ts';

export const code = (name: string) => expect.objectContaining({ name: 'AppError', code: name });
export const root = authority('Root');
export const middle = authority('Middle', { by: root });

export function validate(leaf: Bytes, intermediates: readonly Bytes[], change: Partial<PathInput> = {}) {
  return validatePath({
    leaf: parseCertificate(leaf),
    intermediates: intermediates.map(parseCertificate),
    anchors: [parseCertificate(root.certificate)],
    at: AT,
    ...change,
  });
}

/** Leaf under a CA with these further extensions, under the root. */
export function underConstrained(more: readonly Bytes[], leafExtensions: readonly Bytes[], subject?: Bytes) {
  const ca = authority('Constrained', { by: root, extensions: [...CA_EXTENSIONS, ...more] });
  const leaf = issued(ca, { extensions: leafExtensions, ...(subject && { subject }) });
  return () => validate(leaf, [ca.certificate]);
}

export const dns = (value: string): GeneralName => ({ kind: 'dns', value });
export const email = (value: string): GeneralName => ({ kind: 'email', value });
export const uri = (value: string): GeneralName => ({ kind: 'uri', value });
export const ip = (...value: number[]): GeneralName => ({ kind: 'ip', value: Uint8Array.from(value) });
