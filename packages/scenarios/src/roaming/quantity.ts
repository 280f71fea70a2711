import type { JsonSchema } from '../module/module.ts';

/** Usage, a price or an amount: not negative, at most 15 digits before and 12 after the point, so that products fit. */
export const QUANTITY: JsonSchema = {
  type: 'string',
  maxLength: 28,
  pattern: '^(0|[1-9][0-9]{0,14})(\\.[0-9]{1,12})?$',
};
