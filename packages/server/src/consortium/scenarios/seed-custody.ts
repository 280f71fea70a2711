import type { Province } from './participants.ts';
import type { ProvinceStock } from './seed-device.ts';
import type { SeedCommand, Seeding } from './seeding.ts';

/** Which province has what it ordered in store already; the other one's shipment waits to be received. */
const DELIVERED_TO = 'guangdong';

/** A device from the order to the store: the vendor has it until the province confirms that it came. */
export async function seedCustody(
  { once, did }: Seeding,
  { unit, code, channel }: Province,
  { ordered }: ProvinceStock,
): Promise<void> {
  const step = (
    name: string,
    command: Pick<SeedCommand, 'at' | 'command' | 'data' | 'told'>,
  ): Promise<string> =>
    once(`device/${unit}/ordered/${name}`, { ...command, channel, module: 'device.item@1', id: ordered });
  const order = { to: did('vendor'), reason: `Order ${code}-2026-07: with its maker until it is delivered` };
  await step('order', { at: unit, command: 'transfer', data: order, told: ['vendor'] });
  await step('taken', { at: 'vendor', command: 'receive', data: {} });
  const shipment = { to: did(unit), reason: `Shipment CG-${code}-1, sealed` };
  await step('shipment', { at: 'vendor', command: 'transfer', data: shipment, told: [unit] });
  if (unit !== DELIVERED_TO) return;
  await step('delivered', { at: unit, command: 'receive', data: {} });
  await step('received', {
    at: unit,
    command: 'transition',
    data: { to: 'received', reason: 'Seal intact' },
  });
}
