/** A row of features, all of one length. */
export type Features = readonly number[];

/** What a training learned: plain enough to be printed and argued about. */
export interface LogisticModel {
  readonly means: Features;
  readonly deviations: Features;
  /** Of the standardised features. */
  readonly weights: Features;
  readonly bias: number;
}

export interface TrainingOptions {
  /** Strength of the pull of weights towards 0. */
  readonly penalty: number;
  readonly rounds: number;
}

const DEFAULTS: TrainingOptions = { penalty: 1, rounds: 25 };
const ENOUGH = 1e-9;

/**
 * Logistic regression with an L2 penalty, by Newton's method: no randomness, and few rounds. It ranks what to look at first
 * and moves no object, so it may use floating point. @throws TypeError without both outcomes, or for rows of several lengths
 */
export function trainLogistic(
  rows: readonly Features[],
  outcomes: readonly boolean[],
  options: Partial<TrainingOptions> = {},
): LogisticModel {
  const width = rows[0]?.length ?? 0;
  if (rows.length !== outcomes.length || rows.some((row) => row.length !== width)) {
    throw new TypeError('risk: every row has the same features and an outcome');
  }
  if (!outcomes.includes(true) || !outcomes.includes(false))
    throw new TypeError('risk: both outcomes are needed');
  const { penalty, rounds } = { ...DEFAULTS, ...options };
  const { means, deviations } = spread(rows, width);
  const inputs = rows.map((row) => [1, ...standardised(row, means, deviations)]);
  let weights = new Array<number>(width + 1).fill(0);
  for (let round = 0; round < rounds; round += 1) {
    const step = newtonStep({ inputs, outcomes, weights, penalty });
    weights = weights.map((weight, i) => weight + (step[i] as number));
    if (step.every((each) => Math.abs(each) < ENOUGH)) break;
  }
  const [bias = 0, ...rest] = weights;
  return { means, deviations, weights: rest, bias };
}

/** Probability that the model gives, 0 to 1. */
export function scoreOf(model: LogisticModel, row: Features): number {
  return sigmoid(contributions(model, row).reduce((sum, each) => sum + each, model.bias));
}

/** What each feature adds to the score, in logits. */
export function contributions({ means, deviations, weights }: LogisticModel, row: Features): Features {
  return standardised(row, means, deviations).map((value, i) => value * (weights[i] as number));
}

const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));

const standardised = (row: Features, means: Features, deviations: Features): Features =>
  row.map((value, i) => (value - (means[i] as number)) / (deviations[i] as number));

function spread(rows: readonly Features[], width: number): Pick<LogisticModel, 'means' | 'deviations'> {
  const columns = Array.from({ length: width }, (_, i) => rows.map((row) => row[i] as number));
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / column.length);
  const deviations = columns.map((column, i) => {
    const mean = means[i] as number;
    const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
    // A feature that is the same everywhere says nothing, whatever it is divided by.
    return Math.sqrt(variance) || 1;
  });
  return { means, deviations };
}

interface Step {
  readonly inputs: readonly Features[];
  readonly outcomes: readonly boolean[];
  readonly weights: Features;
  readonly penalty: number;
}

function newtonStep({ inputs, outcomes, weights, penalty }: Step): number[] {
  const width = weights.length;
  // The bias is not pulled.
  const pull = (i: number): number => (i === 0 ? 0 : penalty);
  const gradient = weights.map((weight, i) => -pull(i) * weight);
  const hessian = weights.map((_, i) => {
    const row = new Array<number>(width).fill(0);
    row[i] = pull(i);
    return row;
  });
  inputs.forEach((input, n) => {
    const p = sigmoid(input.reduce((sum, value, i) => sum + value * (weights[i] as number), 0));
    const error = Number(outcomes[n]) - p;
    const slope = p * (1 - p);
    input.forEach((value, i) => {
      gradient[i] = (gradient[i] as number) + error * value;
      const row = hessian[i] as number[];
      for (let j = 0; j <= i; j += 1) row[j] = (row[j] as number) + slope * value * (input[j] as number);
    });
  });
  return solveSymmetric(hessian, gradient);
}

/** Cholesky: the lower half of a positive definite matrix suffices. */
function solveSymmetric(lower: Matrix, right: readonly number[]): number[] {
  const factor = cholesky(lower);
  const y: number[] = [];
  right.forEach((value, i) => {
    const known = y.reduce((sum, each, k) => sum + at(factor, i, k) * each, 0);
    y.push((value - known) / at(factor, i, i));
  });
  const solution = new Array<number>(right.length).fill(0);
  for (let i = right.length - 1; i >= 0; i -= 1) {
    const known = solution.reduce((sum, each, k) => (k > i ? sum + at(factor, k, i) * each : sum), 0);
    solution[i] = ((y[i] as number) - known) / at(factor, i, i);
  }
  return solution;
}

type Matrix = readonly (readonly number[])[];

const at = (matrix: Matrix, i: number, j: number): number => matrix[i]?.[j] ?? 0;

function cholesky(lower: Matrix): Matrix {
  const factor: number[][] = [];
  lower.forEach((row, i) => {
    const made: number[] = [];
    factor.push(made);
    for (let j = 0; j <= i; j += 1) {
      const known = made.reduce((sum, each, k) => sum + each * at(factor, j, k), 0);
      const left = (row[j] as number) - known;
      made.push(j === i ? Math.sqrt(Math.max(left, Number.EPSILON)) : left / at(factor, j, j));
    }
  });
  return factor;
}
