import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CreditTransfer } from '../../src/roaming/payment/credit-transfer.ts';
import { isIban } from '../../src/roaming/payment/iban.ts';
import { readPain001 } from '../../src/roaming/payment/read-pain001.ts';
import { writePain001 } from '../../src/roaming/payment/write-pain001.ts';

const TRANSFER: CreditTransfer = {
  messageId: 'NET-202611-JPNXX-CHNYY',
  created: '2026-12-20T10:00:00Z',
  executionDay: '2026-12-22',
  endToEndId: 'STATEMENT-202611',
  debtor: { name: 'Example Mobile <JP> & Co', iban: 'DE89370400440532013000', bic: 'EXMPJPJT' },
  creditor: { name: '示例移动', iban: 'GB82WEST12345698765432', bic: 'EXMPCNBJ001' },
  amount: '1000.50',
  currency: 'EUR',
  remittance: 'Roaming 202611, net of two statements',
};

describe('pain.001', () => {
  it('[R12] a net position is read back as it was written', () => {
    const xml = writePain001(TRANSFER);
    expect(xml).toContain('<InstdAmt Ccy="EUR">1000.50</InstdAmt>');
    expect(readPain001(xml)).toEqual(TRANSFER);
    expect(writePain001(readPain001(xml))).toBe(xml);
  });

  it('any name and text comes back', () => {
    const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(line, line, (name, remittance) => {
        const transfer = { ...TRANSFER, remittance, debtor: { ...TRANSFER.debtor, name } };
        const isText = [name, remittance].every((text) => text === text.trim() && /^\P{C}+$/u.test(text));
        if (isText) expect(readPain001(writePain001(transfer))).toEqual(transfer);
        else expect(() => writePain001(transfer)).toThrow(expect.objectContaining({ kind: 'bad-input' }));
      }),
    );
  });

  it.each<[string, Partial<CreditTransfer>]>([
    ['/amount', { amount: '0.00' }],
    ['/amount', { amount: '-1.00' }],
    ['/amount', { amount: '1,00' }],
    ['/currency', { currency: 'XDR' }],
    ['/currency', { currency: 'EURO' }],
    ['/messageId', { messageId: 'x'.repeat(36) }],
    ['/executionDay', { executionDay: '2026-02-30' }],
    ['/creditor/iban', { creditor: { ...TRANSFER.creditor, iban: 'GB82WEST12345698765433' } }],
    ['/debtor/bic', { debtor: { ...TRANSFER.debtor, bic: 'EXMP' } }],
    ['/remittance', { remittance: '' }],
  ])('refuses %s', (field, changed) => {
    expect(() => writePain001({ ...TRANSFER, ...changed })).toThrow(
      expect.objectContaining({ kind: 'bad-input', field }),
    );
  });

  it.each([
    ['unknown-element', '</PmtInf>', '<Extra>1</Extra></PmtInf>'],
    ['repeated', '<PmtMtd>TRF</PmtMtd>', '<PmtMtd>TRF</PmtMtd><PmtMtd>TRF</PmtMtd>'],
    ['contradicts the transfer', '<CtrlSum>1000.50</CtrlSum>', '<CtrlSum>1000.51</CtrlSum>'],
    ['xml-namespace', 'pain.001.001.09', 'pain.001.001.03'],
    ['xml-doctype', '<Document', '<!DOCTYPE Document><Document'],
  ])('reading refuses with rule %s', (rule, from, to) => {
    expect(() => readPain001(writePain001(TRANSFER).replace(from, to))).toThrow(
      expect.objectContaining({ kind: 'bad-input', extra: { rule } }),
    );
  });

  it('IBANs have check digits', () => {
    expect(isIban('GB82WEST12345698765432')).toBe(true);
    expect(isIban('GB28WEST12345698765432')).toBe(false);
    expect(isIban('gb82west12345698765432')).toBe(false);
  });
});
