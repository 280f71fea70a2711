import { createHash } from 'node:crypto';
import { GIVEN_NAMES, SURNAMES } from './sample-names.ts';
import type { NewSubscriber } from './subscriber.ts';

/**
 * Sample lines for demonstrations and tests: the same seed gives the same bytes, on every machine.
 *
 * Numbers are `+999 1 BBBB SSSSSS`. ITU-T never assigned country code 999, so nobody can be called by
 * them. BBBB is the operator's block, so that no two operators share a number.
 */
export function sampleSubscribers(options: {
  readonly seed: string;
  readonly operator: string;
  readonly count: number;
}): readonly NewSubscriber[] {
  const { seed, operator, count } = options;
  if (!Number.isSafeInteger(count) || count < 0 || count > SERIALS) {
    throw new TypeError(`count: expected 0 to ${SERIALS}`);
  }
  const block = blockOf(operator);
  const [start, step, firstName] = serialWalk(seed, operator);
  return Array.from({ length: count }, (_, i) => {
    const draw = drawer(seed, operator, i);
    // All pairs of surname and given name come before the first comes again.
    const name = (firstName + i * 55) % (SURNAMES.length * GIVEN_NAMES.length);
    const surname = SURNAMES[Math.floor(name / GIVEN_NAMES.length)] as (typeof SURNAMES)[number];
    const given = GIVEN_NAMES[name % GIVEN_NAMES.length] as (typeof GIVEN_NAMES)[number];
    const serial = (start + i * step) % SERIALS;
    return {
      subscriptionId: `sub-${hex(seed, operator, `id ${i}`).slice(0, 20)}`,
      phoneNumber: `+9991${block}${String(serial).padStart(6, '0')}`,
      holderName: { 'zh-CN': surname[0] + given[0], en: `${given[1]} ${surname[1]}` },
      corporate: draw() % 8 === 0,
      activatedAt: FIRST_DAY + (draw() % DAYS) * 86_400,
    };
  });
}

const SERIALS = 1_000_000;
/** Lines begin between 2019-01-01 and 2025-10-31. */
const FIRST_DAY = Date.UTC(2019, 0, 1) / 1000;
const DAYS = 2496;

/** The demonstration's operators have fixed blocks; others get one from their name. */
const DEMO_BLOCKS: Readonly<Record<string, string>> = { zhonglian: '0001', huatong: '0002', xinyuan: '0003' };

function blockOf(operator: string): string {
  const named = Object.hasOwn(DEMO_BLOCKS, operator) ? DEMO_BLOCKS[operator] : undefined;
  return named ?? String(1000 + (Number.parseInt(hex('block', operator).slice(0, 8), 16) % 9000));
}

/** Steps through all serials without meeting one twice: the step is coprime to 10^6. */
function serialWalk(seed: string, operator: string): [start: number, step: number, name: number] {
  const draw = drawer(seed, operator, -1);
  const start = draw() % SERIALS;
  const step = 10 * (draw() % (SERIALS / 10)) + 7; // ends in 7: divisible by neither 2 nor 5
  return [start, step, draw()];
}

function drawer(seed: string, operator: string, index: number): () => number {
  const digest = createHash('sha256')
    .update(['draw', seed, operator, String(index)].join('\n'))
    .digest();
  let at = 0;
  return () => {
    const value = digest.readUInt32BE(at);
    at += 4;
    return value;
  };
}

const hex = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex');
