import { utf8 } from '@attestel/core';
import {
  der,
  NAME_ATTRIBUTE,
  type Name,
  nameKey,
  nameTexts,
  readDer,
  readName,
  writeName,
} from '@attestel/x509';
import { describe, expect, it } from 'vitest';

const code = (name: string) => expect.objectContaining({ name: 'AppError', code: name });
const CN = der.oid(NAME_ATTRIBUTE.commonName);
const nameOf = (...values: readonly Uint8Array[]): Name =>
  readName(readDer(der.sequence(...values.map((value) => der.setOf(der.sequence(CN, value))))));
const same = (a: Name, b: Name) => nameKey(a) === nameKey(b);

describe('names [RFC5280 §7.1]', () => {
  it('are the same whatever the case of ASCII, the spaces and the type of string', () => {
    const name = nameOf(der.utf8String('Some  Name'));
    expect(same(name, nameOf(der.printableString(' some NAME ')))).toBe(true);
    expect(same(name, nameOf(der.utf8String('SomeName')))).toBe(false);
    expect(same(nameOf(der.utf8String('É')), nameOf(der.utf8String('é')))).toBe(false);
  });

  it('differ by the order of relative names, and cannot be confused across them', () => {
    const [a, b] = [der.utf8String('a'), der.utf8String('b')];
    expect(same(nameOf(a, b), nameOf(b, a))).toBe(false);
    expect(same(nameOf(der.utf8String('a"]["2.5.4.3=b')), nameOf(a, b))).toBe(false);
    expect(same(nameOf(), nameOf())).toBe(true);
  });

  it('compare strings of other types by their bytes', () => {
    const teletex = (text: string) => nameOf(der.element(0x14, utf8(text)));
    expect(same(teletex('a'), teletex('a'))).toBe(true);
    expect(same(teletex('a'), teletex('A'))).toBe(false);
    expect(same(teletex('a'), nameOf(der.utf8String('a')))).toBe(false);
    expect(nameTexts(teletex('a'), NAME_ATTRIBUTE.commonName)).toEqual([]);
  });

  it('give the texts of an attribute', () => {
    const attributes = [
      ['country', 'CN'],
      ['organization', 'Org'],
    ] as const;
    const read = readName(readDer(writeName(attributes)));
    expect(nameTexts(read, NAME_ATTRIBUTE.organization)).toEqual(['Org']);
    expect(nameTexts(read, NAME_ATTRIBUTE.commonName)).toEqual([]);
  });

  it('are refused in another form', () => {
    const [a, b] = [der.sequence(CN, der.utf8String('a')), der.sequence(CN, der.utf8String('b'))];
    const read =
      (...sets: Uint8Array[]) =>
      () =>
        readName(readDer(der.sequence(...sets)));
    expect(read(der.element(0x31, a, b))).not.toThrow();
    expect(read(der.element(0x31, b, a))).toThrow(code('der_form'));
    expect(read(der.element(0x31, a, a))).toThrow(code('der_form'));
    expect(read(der.element(0x31))).toThrow(code('name_malformed'));
    expect(read(a)).toThrow(code('name_malformed'));
    expect(read(der.setOf(der.sequence(CN, der.element(0x0c, Uint8Array.of(0xff)))))).toThrow(
      code('name_malformed'),
    );
    expect(read(der.setOf(der.sequence(CN, der.element(0x16, Uint8Array.of(0xff)))))).toThrow(
      code('name_malformed'),
    );
    expect(read(...Array.from({ length: 65 }, () => der.setOf(a)))).toThrow(code('name_malformed'));
  });
});
