import type { Bytes } from '@attestel/core';
import { NAME_ATTRIBUTE } from '../certificate/name.ts';
import { der } from '../der/write.ts';

export type AttributeType = keyof typeof NAME_ATTRIBUTE;

/** DER of a Name: one attribute in each relative name, in the order given (RFC 5280 §4.1.2.4). */
export const writeName = (attributes: readonly (readonly [AttributeType, string])[]): Bytes =>
  der.sequence(...attributes.map(([type, text]) => writeRdn([{ type: NAME_ATTRIBUTE[type], text }])));

/** DER of a RelativeDistinguishedName; values are UTF8String but for those that must not be. */
export const writeRdn = (
  attributes: readonly { readonly type: string; readonly text: string | undefined }[],
): Bytes =>
  der.setOf(
    ...attributes.map(({ type, text = '' }) => der.sequence(der.oid(type), attributeValue(type, text))),
  );

/** RFC 5280 appendix A.1: country and serial number are PrintableString, an e-mail address is IA5String. */
function attributeValue(type: string, text: string): Bytes {
  if (type === NAME_ATTRIBUTE.emailAddress) return der.ia5String(text);
  if (type === NAME_ATTRIBUTE.country || type === NAME_ATTRIBUTE.serialNumber)
    return der.printableString(text);
  return der.utf8String(text);
}
