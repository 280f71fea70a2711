import { readFileSync } from 'node:fs';
import { fromHex } from '../src/index.ts';

const FOLDER = new URL('../../../conformance/vectors/core/', import.meta.url);

export const vectorFolder = FOLDER;

/** Parsed JSON of a vector file; `{"$hex"}` becomes bytes. The caller states its shape. */
export const readVectors = <Shape>(name: string): Shape =>
  JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'), (_, value: unknown) =>
    isHex(value) ? fromHex(value.$hex) : value,
  ) as Shape;

const isHex = (value: unknown): value is { $hex: string } =>
  typeof value === 'object' && value !== null && '$hex' in value;
