import { canonicalizeJson, type JsonValue, sha256, toHex, utf8 } from '@attestel/core';
import {
  contributions,
  type Features,
  type LogisticModel,
  scoreOf,
  trainLogistic,
} from './logistic-regression.ts';
import { rocAuc, topDecileShare } from './ranking-quality.ts';

/** What is known of a device at the beginning of a month. */
export interface DeviceHistory {
  readonly id: string;
  readonly type: string;
  readonly vendor: string;
  readonly batch: string;
  readonly ageMonths: number;
  /** In the year before. */
  readonly faults: number;
}

/** A device in a month that is over. */
export interface Example extends DeviceHistory {
  readonly failed: boolean;
}

export interface FailureModel {
  readonly names: readonly string[];
  readonly model: LogisticModel;
  readonly card: ModelCard;
}

/** What is published with the scores: enough to repeat the training and to object to it. Numbers are decimal strings. */
export interface ModelCard {
  readonly algorithm: 'logistic regression, L2';
  /** First and last month of the examples, `yyyymm`. */
  readonly window: { readonly from: string; readonly until: string };
  readonly examples: number;
  readonly failures: number;
  /** Logits that one standard deviation of the feature adds. */
  readonly weights: readonly { readonly feature: string; readonly weight: string }[];
  /** On the last month, which the training did not see. */
  readonly quality: { readonly rocAuc: string; readonly topDecileShare: string };
}

export interface Training {
  readonly examples: readonly Example[];
  /** A month that was not among the examples, to judge by. */
  readonly unseen: readonly Example[];
  readonly window: ModelCard['window'];
}

/** @throws TypeError where examples or the unseen month lack one of the outcomes */
export function trainFailureModel({ examples, unseen, window }: Training): FailureModel {
  const names = featureNames(examples);
  const model = trainLogistic(
    examples.map((one) => featuresOf(one, names)),
    examples.map(({ failed }) => failed),
  );
  const ranked = unseen.map((one) => ({ score: scoreOf(model, featuresOf(one, names)), failed: one.failed }));
  const card: ModelCard = {
    algorithm: 'logistic regression, L2',
    window,
    examples: examples.length,
    failures: examples.filter(({ failed }) => failed).length,
    weights: names.map((feature, i) => ({ feature, weight: decimal(model.weights[i] as number) })),
    quality: { rocAuc: decimal(rocAuc(ranked)), topDecileShare: decimal(topDecileShare(ranked)) },
  };
  return { names, model, card };
}

/** SHA-256 of the card in JCS, hex: what plans cite. */
export const cardDigest = (card: ModelCard): string =>
  toHex(sha256(utf8(canonicalizeJson(card as unknown as JsonValue))));

export interface Risk {
  readonly id: string;
  /** Probability of a fault within a month, in millionths. */
  readonly score: number;
  /** Features that raise it most, the strongest first. */
  readonly reasons: readonly string[];
}

const REASONS = 3;
const MILLION = 1_000_000;

/** Highest risk first; of equal ones in the order of their ids. */
export function rankByRisk(
  { names, model }: FailureModel,
  devices: readonly DeviceHistory[],
): readonly Risk[] {
  const risks = devices.map((device): Risk => {
    const features = featuresOf(device, names);
    const reasons = contributions(model, features)
      .map((adds, i) => ({ adds, name: names[i] as string }))
      .filter(({ adds }, i) => adds > 0 && (features[i] as number) > 0)
      .sort((a, b) => b.adds - a.adds)
      .slice(0, REASONS)
      .map(({ name }) => name);
    return { id: device.id, score: Math.round(scoreOf(model, features) * MILLION), reasons };
  });
  return risks.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

/** What occurs in the examples; devices of a type or batch that nobody saw have none of these. */
const featureNames = (examples: readonly DeviceHistory[]): readonly string[] => [
  ...[...new Set(examples.flatMap(traitsOf))].sort(),
  'older than 8 years',
  'faults in the year before',
];

const traitsOf = ({ type, vendor, batch }: DeviceHistory): readonly string[] => [
  `type ${type}`,
  `batch ${vendor}/${batch}`,
];

const OLD_MONTHS = 96;

function featuresOf(device: DeviceHistory, names: readonly string[]): Features {
  const traits = traitsOf(device);
  const last = names.length - 2;
  return names.map((name, i) => {
    if (i < last) return Number(traits.includes(name));
    return i === last ? Number(device.ageMonths > OLD_MONTHS) : Math.min(device.faults, 12);
  });
}

const decimal = (value: number): string => value.toFixed(4);
