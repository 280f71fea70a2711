import { der, readDer } from '@attestel/x509';
import { expect, test } from 'vitest';
import { retagged } from '../../src/asn1/elements.ts';

test('an element under another tag leaves the message that it is part of as it was, a Buffer too', () => {
  const message = Buffer.from(der.explicit(6, der.integer(5)));
  const before = Buffer.from(message);
  expect(retagged(readDer(message), 0x30).bytes[0]).toBe(0x30);
  expect(message.equals(before)).toBe(true);
});
