import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed and label. */
export interface Draw {
  /** 0 to `end` - 1. */
  below(end: number): number;
  /** Whether something that happens `parts` times in a million happens. */
  happens(parts: number): boolean;
  oneOf<T>(list: readonly T[]): T;
  /** 32 hex digits. */
  id(): string;
}

const WORD_BYTES = 4;
const BLOCK_BYTES = 1024;

/** For samples only: never for keys, salts or anything that must not be guessed. */
export function createDraw(seed: string, label: string): Draw {
  let block = Buffer.alloc(0);
  let used = 0;
  let count = 0;
  const word = (): number => {
    if (used + WORD_BYTES > block.length) {
      const hash = createHash('shake256', { outputLength: BLOCK_BYTES });
      block = hash.update(`${seed}\n${label}\n${count}`).digest();
      count += 1;
      used = 0;
    }
    const value = block.readUInt32BE(used);
    used += WORD_BYTES;
    return value;
  };
  const below = (end: number): number => word() % end;
  return {
    below,
    happens: (parts) => below(1_000_000) < parts,
    oneOf: (list) => list[below(list.length)] as (typeof list)[number],
    id: () => [word(), word(), word(), word()].map((each) => each.toString(16).padStart(8, '0')).join(''),
  };
}
