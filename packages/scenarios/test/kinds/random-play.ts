import fc from 'fast-check';
import { EVERYONE, type Module } from '../../src/module/module.ts';
import { Play } from '../harness/play.ts';
import { refusalOf } from '../harness/refusal-of.ts';
import { dataFor } from './random-data.ts';
import { A, all, B, C, NOW, STRANGER } from './samples.ts';

const MODULES = all as unknown as readonly Module[];
export const DIDS = [A, B, C, STRANGER];

/** Something that somebody tries; numbers choose among what there is. */
export interface Attempt {
  readonly module: string;
  readonly command: string;
  readonly by: number;
  readonly target: number;
  readonly other: number;
  readonly pick: number;
  readonly wait: number;
  /** Tries every object and every party, until it is done: else random play gets nowhere near the ends of things. */
  readonly eager: boolean;
}

/** Attempts at one module. */
export const attemptsAt = (name: string): fc.Arbitrary<readonly Attempt[]> => {
  const commands = Object.keys(MODULES.find((module) => module.name === name)?.commands ?? {});
  const attempt = fc.record({
    module: fc.constant(name),
    command: fc.constantFrom(...commands),
    by: fc.constantFrom(0, 0, 0, 1, 2, 3),
    target: fc.nat(3),
    other: fc.nat(3),
    pick: fc.nat(11),
    wait: fc.constantFrom(0, 0, 0, 0, 60, 1800, 100_000),
    eager: fc.boolean(),
  });
  return fc.array(attempt, { minLength: 20, maxLength: 80, size: 'max' });
};

/** Objects of one play: few, so that attempts meet. */
const MAX_OBJECTS = 5;

const NOBODY = 'f'.repeat(32);

/** Plays the attempts; refusals are fine, other errors go on. @returns what became of each */
export function playAll(
  attempts: readonly Attempt[],
  after?: (play: Play, module: Module) => void,
): { readonly play: Play; readonly outcomes: readonly string[] } {
  const play = new Play(MODULES, { time: NOW });
  const outcomes = attempts.map((attempt) => {
    play.time += attempt.wait;
    const outcome = tryIt(play, attempt);
    if (outcome === 'done') after?.(play, play.moduleOf(attempt.module));
    return outcome;
  });
  return { play, outcomes };
}

function tryIt(play: Play, attempt: Attempt): string {
  const { eager, by, target } = attempt;
  const objects = targetsOf(play, attempt);
  let outcome = 'nothing to do it to';
  let { other } = attempt;
  for (const id of rotated(objects, target).slice(0, eager ? undefined : 1)) {
    for (const as of rotated(DIDS, by).slice(0, eager ? undefined : 1)) {
      outcome = refusalOf(() => act(play, { ...attempt, other }, { id, as }));
      other += 1;
      if (outcome === 'done') return outcome;
    }
  }
  return outcome;
}

/** Ids of what there is; undefined for a new object. */
function targetsOf(play: Play, { module, command, pick }: Attempt): readonly (string | undefined)[] {
  const ids = play.ids(module);
  const on = play.moduleOf(module).commands[command]?.on;
  const isNew = on === 'new' || (on === 'either' && pick > 8);
  if (isNew) return ids.length < MAX_OBJECTS ? [undefined] : [];
  return ids;
}

function act(
  play: Play,
  { module, command, other, pick }: Attempt,
  { id, as }: { readonly id: string | undefined; readonly as: string },
): void {
  const ids = play.ids(module);
  const data = dataFor(module, command, {
    state: id === undefined ? {} : play.state(module, id),
    other: rotated(ids, other)[0] ?? NOBODY,
    id: id ?? NOBODY,
    did: DIDS[pick % 4] ?? A,
    count: ids.length,
    pick,
  });
  play.run({ module, command, as, data, ...(id === undefined ? {} : { id }) });
}

function rotated<T>(values: readonly T[], by: number): readonly T[] {
  const at = values.length === 0 ? 0 : by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}

/** Whether somebody is told by that list. */
export const isTold = (parties: readonly string[], did: string): boolean =>
  parties.includes(EVERYONE) || parties.includes(did);
