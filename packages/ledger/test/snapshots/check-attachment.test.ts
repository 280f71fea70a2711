import { AppError, type Signer } from '@attestel/core';
import { describe, expect, it } from 'vitest';
import { buildOperation, type LedgerModule } from '../../src/index.ts';
import { createAttachmentCheck } from '../../src/snapshots/check-attachment.ts';
import { counterModule, registerModule } from '../fixtures/counter-module.ts';
import { ANN, actors, addition } from '../fixtures/open-test-ledger.ts';

const stricter: LedgerModule = {
  ...counterModule,
  checkAttachment() {
    throw new AppError('stricter', { kind: 'bad-input', message: 'not any more' });
  },
};

describe('an attachment in a snapshot', () => {
  it('is taken when any version of its module takes it, and refused when none does', async () => {
    const { payload } = await addition(ANN, 2, { kind: 'note' });
    const operation = await buildOperation(payload, [actors[ANN] as Signer], Uint8Array.of(1));
    const check = (...versions: readonly (readonly LedgerModule[])[]): void =>
      createAttachmentCheck(new Map(versions.map((modules, i) => [i + 1, modules])))(operation);
    expect(() => check([counterModule, registerModule], [stricter])).not.toThrow();
    expect(() => createAttachmentCheck([counterModule])(operation)).not.toThrow();
    expect(() => check([stricter])).toThrow('not any more');
    expect(() => check([registerModule])).toThrow('have no attachment');
  });

  it('is refused where the operation may have none', async () => {
    const { payload } = await addition(ANN, 0);
    const operation = await buildOperation(payload, [actors[ANN] as Signer], Uint8Array.of(1));
    expect(() => createAttachmentCheck([counterModule])(operation)).toThrow();
  });
});
