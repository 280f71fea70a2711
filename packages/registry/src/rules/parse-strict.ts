import { errors } from '../errors.ts';
import { type ParseStrict, strictParser } from './strict-parser.ts';

export const parseStrict: ParseStrict<
  'registry_body_invalid' | 'channel_body_invalid' | 'line_invalid' | 'sub_ledger_body_invalid'
> = strictParser(errors);
