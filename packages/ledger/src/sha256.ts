import { hash } from 'node:crypto';
import type { Bytes } from '@attestel/core';

/** SHA-256 as a plain byte array, not a Buffer, so that equality and slicing behave alike everywhere. */
export const sha256 = (data: Bytes): Bytes => new Uint8Array(hash('sha256', data, 'buffer'));
