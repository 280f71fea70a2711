import { add, compare, type Decimal, least, multiply, subtract } from '../../decimal/decimal.ts';
import type { Rate, ServicePrice } from './tariff.ts';

/**
 * Price of a service, exact. Each tier prices what lies in it alone: 1,501 units at 5 up to 1,500 and 3 beyond are 7,503.
 * @param volume used by the customers of the one who pays
 * @param opposite used of the same service in the other direction: as much of `volume` is balanced
 * @returns undefined where the tariff has no price for the service
 */
export function priceOf(price: ServicePrice, volume: Decimal, opposite: Decimal): Decimal | undefined {
  const { rate, balancedRate, unbalancedRate } = price;
  if (rate) return rated(rate, volume);
  if (!balancedRate || !unbalancedRate) return undefined;
  const balanced = least(volume, opposite);
  return add(rated(balancedRate, balanced), rated(unbalancedRate, subtract(volume, balanced)));
}

function rated({ thresholds }: Rate, volume: Decimal): Decimal {
  let total = '0';
  for (const [index, { start, linearPrice = '0', fixedPrice = '0' }] of thresholds.entries()) {
    if (compare(volume, start) <= 0) break;
    const reached = least(volume, thresholds[index + 1]?.start ?? volume);
    total = add(total, add(fixedPrice, multiply(subtract(reached, start), linearPrice)));
  }
  return total;
}
