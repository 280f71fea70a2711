import { type Bytes, concatBytes, isAppError } from '@attestel/core';
import { elementsOf } from '@attestel/x509';

/** xorshift32: the same inputs in every run of a seed. */
export interface Dice {
  /** 0 to n − 1. */
  below(n: number): number;
  pick<T>(list: readonly T[]): T;
  bytes(length: number): Bytes;
}

export function diceOf(seed: number): Dice {
  let state = seed >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  const below = (n: number): number => next() % n;
  return {
    below,
    pick: (list) => list[below(list.length)] as (typeof list)[number],
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  };
}

type Change = (bytes: Bytes, dice: Dice) => Bytes;

const splice = (bytes: Bytes, at: number, remove: number, insert: Bytes): Bytes =>
  concatBytes(bytes.subarray(0, at), insert, bytes.subarray(at + remove));

const EDGES = [0, 1, 0x1f, 0x30, 0x7f, 0x80, 0x81, 0x84, 0x85, 0xa0, 0xff];

/** Changes that know nothing of the form. */
const BLIND: readonly Change[] = [
  (bytes, dice) => splice(bytes, dice.below(bytes.length), 1, Uint8Array.of(dice.pick(EDGES))),
  (bytes, dice) => {
    const at = dice.below(bytes.length);
    return splice(bytes, at, 1, Uint8Array.of((bytes[at] as number) ^ (1 << dice.below(8))));
  },
  (bytes, dice) => splice(bytes, dice.below(bytes.length), 1 + dice.below(24), new Uint8Array()),
  (bytes, dice) => splice(bytes, dice.below(bytes.length), 0, dice.bytes(1 + dice.below(24))),
  (bytes, dice) => bytes.subarray(0, dice.below(bytes.length)),
  (bytes, dice) => concatBytes(bytes, dice.bytes(1 + dice.below(4))),
];

interface Node {
  readonly tag: number;
  readonly content: Bytes;
  readonly children: readonly Node[] | undefined;
}

const MAX_DEPTH = 40;
/** Above it, changes of form would cost more than what they find. */
const MAX_TREE_BYTES = 16_384;

/** Constructed elements, and octet strings that hold some. */
function treeOf(bytes: Bytes, depth = 0): Node[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  try {
    return elementsOf(bytes).map(({ tag, content }) => {
      const holds = (tag & 0x20) !== 0 || (tag === 0x04 && content[0] === 0x30);
      return { tag, content, children: holds ? treeOf(content, depth + 1) : undefined };
    });
  } catch {
    return undefined;
  }
}

function write({ tag, content, children }: Node): Bytes {
  const body = children ? concatBytes(...children.map(write)) : content;
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
  // Longer than our readers read anything; enough octets for their own refusal.
  const head = length < 0x10000 ? size : [0x83, length >> 16, (length >> 8) & 255, length & 255];
  return concatBytes(Uint8Array.of(tag, ...head), body);
}

const CONTENTS: readonly ((dice: Dice, old: Bytes) => Bytes)[] = [
  () => new Uint8Array(),
  () => Uint8Array.of(0),
  () => Uint8Array.of(0x80),
  (dice) => dice.bytes(1 + dice.below(40)),
  (_, old) => concatBytes(Uint8Array.of(0), old),
  (_, old) => Uint8Array.from(old).reverse(),
  (dice, old) => splice(old, dice.below(old.length + 1), 1, Uint8Array.of(dice.below(256))),
  () => new Uint8Array(21).fill(0x7f),
  () => new Uint8Array(5000).fill(0x81),
];

/** One change at one place of the tree, with all lengths around it right: it comes through to what reads that place. */
function grow(nodes: readonly Node[], dice: Dice, depth = 0): Node[] {
  const at = dice.below(Math.max(1, nodes.length));
  const node = nodes[at];
  if (!node) return [...nodes, { tag: dice.pick(EDGES), content: dice.bytes(3), children: undefined }];
  if (node.children && dice.below(4) > 0) {
    return nodes.with(at, { ...node, children: grow(node.children, dice, depth + 1) });
  }
  switch (dice.below(7)) {
    case 0:
      return nodes.toSpliced(at, 1);
    case 1:
      return nodes.toSpliced(at, 0, ...Array<Node>(dice.pick([1, 1, 2, 70])).fill(node));
    case 2:
      return nodes.with(at, { ...node, tag: dice.below(256) });
    case 3:
      return nodes.with(at, dice.pick(nodes));
    case 4:
      return nodes.with(at, wrapped(node, dice.pick([1, 2, 50, 400])));
    default:
      return nodes.with(at, {
        ...node,
        children: undefined,
        content: dice.pick(CONTENTS)(dice, node.content),
      });
  }
}

function wrapped(node: Node, times: number): Node {
  let bytes = write(node);
  for (let i = 0; i < times; i++) bytes = write({ tag: 0x30, content: bytes, children: undefined });
  return { tag: 0x30, content: bytes, children: undefined };
}

/** Bytes near one of a corpus: changed blindly, in form, or with a part of another. */
export function mutated(corpus: readonly Bytes[], dice: Dice): Bytes {
  let bytes = dice.pick(corpus);
  for (let changes = 1 + dice.below(3); changes > 0; changes--) {
    const tree = bytes.length < MAX_TREE_BYTES && dice.below(3) > 0 ? treeOf(bytes) : undefined;
    if (tree) bytes = concatBytes(...grow(tree, dice).map(write));
    else if (bytes.length > 0) bytes = dice.pick(BLIND)(bytes, dice);
  }
  if (dice.below(20) > 0 || bytes.length === 0) return bytes;
  const other = dice.pick(corpus);
  return splice(bytes, dice.below(bytes.length), dice.below(40), other.subarray(dice.below(other.length)));
}

export interface Fuzzed {
  readonly accepted: number;
  readonly refused: number;
  /** Codes of the refusals. */
  readonly codes: ReadonlySet<string>;
}

/** The goal is 50 ms of one processor for any input; a machine that is busy takes longer. */
const MAX_CPU_MS = 50;
const TRIES = 4;

/** `ATTESTEL_FUZZ_RUNS` and `ATTESTEL_FUZZ_SEED` make a long run of other inputs. */
const RUNS = Number(process.env.ATTESTEL_FUZZ_RUNS ?? 2000);
const SEED = Number(process.env.ATTESTEL_FUZZ_SEED ?? 1);

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1000;
};

/**
 * Reads inputs near those of the corpus: each is read, or refused with an AppError that is not a fault of ours, in
 * bounded time.
 * @param accepted called with what was read, to say what must hold of it
 * @throws Error that names the input in hex
 */
export function fuzz<T>(
  corpus: readonly Bytes[],
  read: (bytes: Bytes) => T,
  { accepted, runs = RUNS }: { accepted?: (bytes: Bytes, result: T) => void; runs?: number } = {},
): Fuzzed {
  const dice = diceOf(SEED);
  const codes = new Set<string>();
  let count = 0;
  for (let run = 0; run < runs; run++) {
    const bytes = mutated(corpus, dice);
    try {
      const result = timed(() => attempt(bytes, read));
      if (typeof result === 'string') codes.add(result);
      else {
        count += 1;
        accepted?.(bytes, result.value);
      }
    } catch (cause) {
      throw new Error(`run ${run}: ${Buffer.from(bytes).toString('hex').slice(0, 4000)}`, { cause });
    }
  }
  return { accepted: count, refused: runs - count, codes };
}

function attempt<T>(bytes: Bytes, read: (bytes: Bytes) => T): { readonly value: T } | string {
  try {
    return { value: read(bytes) };
  } catch (error) {
    if (!isAppError(error) || error.kind === 'internal' || error.kind === 'unavailable') throw error;
    return error.code;
  }
}

/** Slow once may be the collector of garbage; slow each time is the input. */
function timed<T>(work: () => T): T {
  let shortest = Number.POSITIVE_INFINITY;
  for (let tries = 0; ; tries++) {
    const start = cpuMs();
    const result = work();
    shortest = Math.min(shortest, cpuMs() - start);
    if (shortest <= MAX_CPU_MS) return result;
    if (tries === TRIES) throw new Error(`took ${Math.round(shortest)} ms of processor time`);
  }
}
