import { fail } from '../../errors.ts';

/** WGS 84, in millionths of a degree: parties compare places without floating point. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

const DEGREES = /^(-?)(\d{1,3})(?:\.(\d{1,6}))?$/;
const MICRO = 1_000_000;
const MAX_LATITUDE = 90;
const MAX_LONGITUDE = 180;

/** Metres of a degree on a sphere of 6,371,009 m, in millimetres. */
const DEGREE_MILLIMETRES = 111_195_080;

/** @throws AppError out_of_range */
export function placeOf(at: { readonly latitude: string; readonly longitude: string }, field: string): Place {
  return {
    latitude: degrees(at.latitude, MAX_LATITUDE, `${field}/latitude`),
    longitude: degrees(at.longitude, MAX_LONGITUDE, `${field}/longitude`),
  };
}

function degrees(text: string, max: number, field: string): number {
  const [, sign, whole = '', fraction = ''] = DEGREES.exec(text) ?? [];
  if (sign === undefined) throw fail('invalid_argument', { field });
  const value = Number(whole) * MICRO + Number(fraction.padEnd(6, '0'));
  if (value > max * MICRO) throw fail('out_of_range', { field });
  return sign === '-' ? -value : value;
}

/**
 * Metres between two places, rounded down. On the plane through their mean latitude: within half a percent of the great
 * circle up to some hundred kilometres, which is what inspections are about.
 */
export function metresBetween(a: Place, b: Place): number {
  const north = BigInt(a.latitude - b.latitude);
  const around = Math.abs(a.longitude - b.longitude);
  const east = BigInt(Math.min(around, 2 * MAX_LONGITUDE * MICRO - around)) * cosine(a.latitude + b.latitude);
  // Micro-degrees times 10^9, the scale of the cosine.
  const square = (north * COSINE_ONE) ** 2n + east ** 2n;
  const scaled = root(square) * BigInt(DEGREE_MILLIMETRES);
  return Number(scaled / (COSINE_ONE * BigInt(MICRO) * 1000n));
}

const COSINE_ONE = 1_000_000_000n;
/** π / 180 / 10^6 / 2, times 10^24: half a micro-degree in radians. */
const HALF_MICRO_DEGREE = 8_726_646_259_971_648n;
const RADIAN = 10n ** 24n;

/** Cosine times 10^9 of half the angle, given in micro-degrees: by its series, in whole numbers. */
function cosine(twice: number): bigint {
  const angle = BigInt(twice) * HALF_MICRO_DEGREE;
  const square = (angle * angle) / RADIAN;
  let term = RADIAN;
  let sum = RADIAN;
  for (let n = 1n; term !== 0n; n += 1n) {
    term = (-term * square) / RADIAN / ((2n * n - 1n) * (2n * n));
    sum += term;
  }
  return (sum * COSINE_ONE) / RADIAN;
}

/** Largest whole number whose square is not above. */
function root(square: bigint): bigint {
  if (square < 2n) return square;
  let guess = 1n << BigInt((square.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (guess + square / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}
