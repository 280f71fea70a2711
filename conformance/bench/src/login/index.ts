import type { Agent } from 'node:http';
import { freePort } from '../free-port.ts';
import { type MeasuredProcess, startMeasured } from '../measured-process.ts';
import type { BenchResult } from '../result.ts';
import { createAgent } from './http-client.ts';
import { type Login, logInBare, logInWithWallet } from './log-in.ts';
import type { Ready } from './protocol.ts';

const WARM_UP_LOGINS = 120;
const ROUNDS = 5;
const ROUND_LOGINS = 150;
/** Logins under way at once in the CPU rounds. */
const IN_FLIGHT = 8;
const IDLE_LOGINS = 120;
/** Stated rate of the open loop, logins per second, and how long it runs. */
const OPEN_LOOP_RATE = 20;
const OPEN_LOOP_SECONDS = 10;

interface Contender {
  readonly process: MeasuredProcess<Ready>;
  readonly login: Login;
  readonly agent: Agent;
}

/**
 * Full wallet sign-ins (all hops over loopback HTTP, encrypted presentation, status, consent, durable store)
 * beside bare oidc-provider with a one-click login and a Map, both with RS256 ID tokens. What is compared is
 * CPU time of the provider's own process per login; generator and wallet are not in it. Rounds take turns,
 * so that a machine that is busy for a while hurts both alike.
 */
export async function run(): Promise<BenchResult> {
  const ours = await start('./serve-attestel.ts', logInWithWallet);
  const bare = await start('./serve-bare.ts', logInBare);
  try {
    for (const contender of [ours, bare]) await many(contender, WARM_UP_LOGINS, IN_FLIGHT);
    const cost = await cpuPerLogin(ours, bare);
    const [oursIdle, bareIdle] = [await latencies(ours), await latencies(bare)];
    const [oursP50, bareP50] = [percentile(oursIdle, 50), percentile(bareIdle, 50)];
    const open = await openLoop(ours);
    return {
      name: 'login',
      figures: {
        cpu_ms_per_login: round(cost.ours),
        logins_per_cpu_second: Math.round(1000 / cost.ours),
        requests_per_login: await ours.login(ours.process.ready, ours.agent, 0),
        idle_p50_ms: round(oursP50),
        idle_p99_ms: round(percentile(oursIdle, 99)),
        open_loop_logins_per_second: OPEN_LOOP_RATE,
        open_loop_p50_ms: round(percentile(open, 50)),
        open_loop_p99_ms: round(percentile(open, 99)),
      },
      peers: {
        bare_cpu_ms_per_login: round(cost.bare),
        bare_logins_per_cpu_second: Math.round(1000 / cost.bare),
        bare_requests_per_login: await bare.login(bare.process.ready, bare.agent, 0),
        bare_idle_p50_ms: round(bareP50),
      },
      ratios: { login_vs_bare_op: round(cost.ratio), idle_vs_bare_op: round(bareP50 / oursP50) },
    };
  } finally {
    for (const { process, agent } of [ours, bare]) {
      agent.destroy();
      await process.stop();
    }
  }
}

const start = async (file: string, login: Login): Promise<Contender> => ({
  process: await startMeasured<Ready>(new URL(file, import.meta.url), [await freePort()]),
  login,
  agent: createAgent(),
});

/** Medians over the rounds; the ratio is the median of the rounds' own ratios. */
async function cpuPerLogin(
  ours: Contender,
  bare: Contender,
): Promise<{ ours: number; bare: number; ratio: number }> {
  const rounds: { ours: number; bare: number }[] = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push({ ours: await cpuOf(ours), bare: await cpuOf(bare) });
  const median = (values: number[]): number => percentile(values, 50);
  return {
    ours: median(rounds.map((r) => r.ours)),
    bare: median(rounds.map((r) => r.bare)),
    ratio: median(rounds.map((r) => r.bare / r.ours)),
  };
}

async function cpuOf(contender: Contender): Promise<number> {
  const before = await contender.process.cpuMicroseconds();
  await many(contender, ROUND_LOGINS, IN_FLIGHT);
  return ((await contender.process.cpuMicroseconds()) - before) / 1000 / ROUND_LOGINS;
}

async function many({ process, login, agent }: Contender, count: number, inFlight: number): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await login(process.ready, agent, next++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

async function latencies({ process, login, agent }: Contender): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < IDLE_LOGINS; i++) {
    const began = performance.now();
    await login(process.ready, agent, i);
    times.push(performance.now() - began);
  }
  return times;
}

/** Logins begin on schedule whether or not earlier ones are done; waiting counts. */
async function openLoop({ process, login, agent }: Contender): Promise<number[]> {
  const began = performance.now();
  const one = async (i: number): Promise<number> => {
    const due = began + (1000 * i) / OPEN_LOOP_RATE;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    await login(process.ready, agent, i);
    return performance.now() - due;
  };
  return Promise.all(Array.from({ length: OPEN_LOOP_RATE * OPEN_LOOP_SECONDS }, (_, i) => one(i)));
}

function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}

const round = (value: number): number => Math.round(value * 100) / 100;
