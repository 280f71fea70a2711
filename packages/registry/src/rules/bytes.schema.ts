import { z } from 'zod';

export const bytesOf = (length: number) =>
  z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && value.length === length,
    `must be ${length} bytes`,
  );

/** Whether no item occurs twice, by its key. */
export const isDistinct = <T>(items: readonly T[], keyOf: (item: T) => string): boolean =>
  items.length < 2 || new Set(items.map(keyOf)).size === items.length;
