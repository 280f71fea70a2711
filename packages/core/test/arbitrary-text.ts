import fc from 'fast-check';

/**
 * Well-formed text of any code points, the rare ones and those with two UTF-16 units often enough.
 * (fast-check's own unit `binary` takes seconds to build its table of all code points.)
 */
const codePoint = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0xffff }),
    fc.integer({ min: 0x1_0000, max: 0x10_ffff }),
  )
  .map((value) => String.fromCodePoint(value));

export const anyText = (maxLength = 30): fc.Arbitrary<string> => fc.string({ unit: codePoint, maxLength });
