import type { Bytes } from '@attestel/core';

/** SHA-256 of the caller's platform: state code and browsers bring their own. */
export type Sha256 = (data: Bytes) => Bytes;
