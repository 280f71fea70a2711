import { describe, expect, it } from 'vitest';
import { addressOf, locationOf, type Place } from '../../src/console/router.ts';

const ID = '0123456789abcdef0123456789abcdef';
const at = (path: string) => locationOf(`https://node.example${path}`);

describe('addresses of the console', () => {
  it.each<[Place, string]>([
    [{ page: 'modules' }, '/console'],
    [{ page: 'objects', module: 'device.item@1' }, '/console/modules/device.item@1'],
    [{ page: 'object', module: 'roaming.party@1.0.0', id: ID }, `/console/objects/roaming.party@1.0.0/${ID}`],
    [{ page: 'board', board: 'roaming' }, '/console/boards/roaming'],
  ])('%j is %s and back', (place, path) => {
    expect(addressOf(place, 'main')).toBe(path);
    expect(at(path)).toMatchObject({ place, channel: 'main' });
  });

  it('carry the channel and a filter', () => {
    const address = addressOf({ page: 'objects', module: 'device.item@1' }, 'zhonglian/gd', {
      status: 'retired',
    });
    const { channel, query } = at(address);
    expect([channel, query.get('status')]).toEqual(['zhonglian/gd', 'retired']);
  });

  it('takes an address as browsers encode it', () => {
    expect(at('/console/modules/device.item%401').place).toEqual({
      page: 'objects',
      module: 'device.item@1',
    });
  });

  it.each([
    '/console/objects/device.item@1/../x',
    '/console/objects/device.item@1/ABC',
    '/console/modules/%E0%A4%A',
    '/console/modules/<script>@1',
    '/console/boards/host',
    '/else',
  ])('anything else, such as %s, is the first page', (path) => {
    expect(at(path).place).toEqual({ page: 'modules' });
  });
});
