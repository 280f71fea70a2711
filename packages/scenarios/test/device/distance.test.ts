import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metresBetween, placeOf } from '../../src/device/place/distance.ts';

const RADIUS = 6_371_009;
const radians = (micro: number): number => (micro / 1e6 / 180) * Math.PI;

/** Great circle, by the haversine. */
function haversine(a: { latitude: number; longitude: number }, b: typeof a): number {
  const [north, east] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const h =
    Math.sin(north / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.sqrt(h));
}

describe('placeOf', () => {
  it('reads degrees with up to six decimals', () => {
    expect(placeOf({ latitude: '23.129', longitude: '-113.264385' }, '/place')).toEqual({
      latitude: 23_129_000,
      longitude: -113_264_385,
    });
  });

  it.each([
    ['90.000001', '0', '/place/latitude'],
    ['0', '180.000001', '/place/longitude'],
    ['1e2', '0', '/place/latitude'],
    ['0', '1.1234567', '/place/longitude'],
    ['', '0', '/place/latitude'],
  ])('refuses %s, %s', (latitude, longitude, field) => {
    expect(() => placeOf({ latitude, longitude }, '/place')).toThrow(expect.objectContaining({ field }));
  });
});

describe('metresBetween', () => {
  const place = fc.record({
    latitude: fc.integer({ min: -60_000_000, max: 60_000_000 }),
    longitude: fc.integer({ min: -180_000_000, max: 180_000_000 }),
  });
  const step = fc.integer({ min: -900_000, max: 900_000 });

  it('is the great circle within half a percent and a metre, up to a hundred kilometres', () => {
    fc.assert(
      fc.property(place, step, step, (a, north, east) => {
        const b = {
          latitude: a.latitude + north,
          longitude: Math.max(-180e6, Math.min(180e6, a.longitude + east)),
        };
        const real = haversine(a, b);
        fc.pre(real <= 100_000);
        expect(Math.abs(metresBetween(a, b) - real)).toBeLessThanOrEqual(real / 200 + 1);
      }),
    );
  });

  it('goes the short way over the date line', () => {
    const west = { latitude: 0, longitude: 179_999_000 };
    const east = { latitude: 0, longitude: -179_999_000 };
    expect(metresBetween(west, east)).toBe(222);
  });
});
