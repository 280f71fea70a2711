import { type Bytes, fromHex, type JsonValue } from '@attestel/core';
import { digestOf } from '@attestel/registry';
import type { Kept } from './payload.schema.ts';

/** What a line commits to a payload by. */
export const commitmentOf = ({ payload, salt }: Kept): Bytes =>
  digestOf(payload as unknown as JsonValue, fromHex(salt));
