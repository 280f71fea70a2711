import { describe, expect, it } from 'vitest';
import { createKeptProofs } from '../../src/installer/check/kept-proofs.ts';

/** A browser's storage with room for so many entries. */
function storageOf(room: number): Storage {
  const entries = new Map<string, string>();
  return {
    get length() {
      return entries.size;
    },
    clear: () => entries.clear(),
    key: (i) => [...entries.keys()][i] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    removeItem: (key) => void entries.delete(key),
    setItem(key, value) {
      if (entries.size >= room && !entries.has(key)) throw new DOMException('full', 'QuotaExceededError');
      entries.set(key, value);
    },
  };
}
const kept = (number: number) => ({
  device: { hash: String(number).padStart(64, '0'), name: `AC-${number}` },
  proof: Uint8Array.of(number),
  fetched: 1000 + number,
});

describe('proofs on the phone', () => {
  it('are found by their device, newest first', () => {
    const proofs = createKeptProofs(storageOf(9));
    for (const one of [1, 3, 2]) proofs.keep(kept(one));
    expect(proofs.find(kept(3).device.hash)).toEqual(kept(3));
    expect(proofs.all().map(({ device }) => device.name)).toEqual(['AC-3', 'AC-2', 'AC-1']);
    proofs.keep({ ...kept(1), fetched: 2000 });
    expect(proofs.all().map(({ device }) => device.name)).toEqual(['AC-1', 'AC-3', 'AC-2']);
  });

  it('give way, oldest first, where there is no room', () => {
    const proofs = createKeptProofs(storageOf(2));
    for (const one of [1, 2, 3]) proofs.keep(kept(one));
    expect(proofs.all()).toEqual([kept(3), kept(2)]);
  });

  it('are none where the browser forbids storage, has no room at all, or holds something else', () => {
    for (const storage of [undefined, storageOf(0)]) {
      const proofs = createKeptProofs(storage);
      proofs.keep(kept(1));
      expect(proofs.all()).toEqual([]);
    }
    const storage = storageOf(9);
    storage.setItem('attestel.installer.proof.x', '{"hash":7}');
    storage.setItem('attestel.locale', 'en');
    expect(createKeptProofs(storage).all()).toEqual([]);
  });
});
