import { createHash } from 'node:crypto';
import type { Sha256 } from './sha256-port.ts';

export const sha256: Sha256 = (data) => new Uint8Array(createHash('sha256').update(data).digest());
