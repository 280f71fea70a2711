import { systemRandom, utf8 } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import type { KeyDisk } from '../../../src/host/vault/key-disk.ts';
import { openKeyFile } from '../../../src/host/vault/open-key-file.ts';
import { memoryDisk } from '../world.ts';

const mac = async (message: Uint8Array): Promise<Uint8Array> => message.slice(-32);
const open = (disk: KeyDisk) => openKeyFile({ disk, mac, random: systemRandom });
const nameOf = (i: number): string => `o/main/${i}/0`;

describe('a key file', () => {
  it('opens what was sealed before it was closed, and nothing whose key was destroyed', async () => {
    const disk = memoryDisk();
    const vault = await open(disk);
    const names = Array.from({ length: 20_000 }, (_, i) => nameOf(i));
    await Promise.all([vault.make(names.slice(0, 9_000)), vault.make(names.slice(8_000))]);
    const sealed = names.map((name) => vault.seal(name, utf8(name)));
    const tag = vault.mac('o/main/1/0', utf8('a'));
    await vault.destroy([nameOf(0), nameOf(19_999), 'unknown']);
    const again = await open(disk);
    for (const one of [vault, again]) {
      expect(one.has(nameOf(0))).toBe(false);
      expect(() => one.open(nameOf(19_999), sealed[19_999] as Uint8Array)).toThrow(TypeError);
      for (let i = 1; i < 19_999; i += 997)
        expect(one.open(nameOf(i), sealed[i] as Uint8Array)).toEqual(utf8(nameOf(i)));
      expect(one.mac(nameOf(1), utf8('a'))).toEqual(tag);
      expect(one.mac(nameOf(2), utf8('a'))).not.toEqual(tag);
      expect(() => one.mac(nameOf(0), utf8('a'))).toThrow(TypeError);
    }
  });

  it('drops a record that a crash cut off, and takes no changed one', async () => {
    let file = new Uint8Array();
    const disk: KeyDisk = {
      read: async () => new Uint8Array(file),
      async append(bytes) {
        file = new Uint8Array([...file, ...bytes]);
      },
      async replace(bytes) {
        file = new Uint8Array(bytes);
      },
    };
    await (
      await openKeyFile({ disk: { ...disk, read: async () => undefined }, mac, random: systemRandom })
    ).make(['a']);
    const whole = file;
    await (await open(disk)).make(['b']);
    const both = file;
    file = both.slice(0, -1);
    const torn = await open(disk);
    expect([torn.has('a'), torn.has('b')]).toEqual([true, false]);
    await torn.make(['c']);
    const later = await open(disk);
    expect(['a', 'b', 'c'].map((name) => later.has(name))).toEqual([true, false, true]);
    for (const at of [0, 30, whole.length - 1]) {
      file = both.slice();
      file[at] = (file[at] as number) ^ 1;
      await expect(open(disk)).rejects.toMatchObject({ code: 'vault_damaged' });
    }
  });
});
