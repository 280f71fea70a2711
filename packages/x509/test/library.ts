import 'reflect-metadata';
import { Extension } from '@peculiar/x509';

export { BasicConstraintsExtension, Extension, KeyUsageFlags, KeyUsagesExtension } from '@peculiar/x509';

/** An extension whose value is an empty OCTET STRING inside. */
export const ExtensionOf = (oid: string, critical: boolean): Extension =>
  new Extension(oid, critical, Uint8Array.of(0x04, 0x00));
