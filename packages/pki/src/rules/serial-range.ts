import { z } from 'zod';
import { serialPrefix } from './scope.ts';

/** Device serials `prefix` ‖ number of exactly `digits` digits, from `from` to `to`. */
export const serialRangeSchema = z
  .strictObject({
    prefix: serialPrefix,
    digits: z.int().min(1).max(12),
    from: z.int().min(0),
    to: z.int().min(0),
  })
  .refine(({ digits, from, to }) => from <= to && String(to).length <= digits, {
    path: ['to'],
    message: 'must not be below from, nor longer than the digits',
  });

export type SerialRange = z.output<typeof serialRangeSchema>;

export function isInRange({ prefix, digits, from, to }: SerialRange, serial: string): boolean {
  const number = serial.slice(prefix.length);
  if (!serial.startsWith(prefix) || number.length !== digits || !/^[0-9]+$/.test(number)) return false;
  const value = Number(number);
  return value >= from && value <= to;
}

export const sizeOfRange = ({ from, to }: SerialRange): number => to - from + 1;
