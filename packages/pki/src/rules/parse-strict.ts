import { type ParseStrict, strictParser } from '@attestel/registry';
import { errors } from '../errors.ts';

export const parseStrict: ParseStrict<'pki_body_invalid' | 'pki_attachment_invalid' | 'pki_query_invalid'> =
  strictParser(errors);
