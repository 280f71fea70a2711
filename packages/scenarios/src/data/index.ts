import { dataBlock } from './modules/data-block.ts';
import { dataConsent } from './modules/data-consent.ts';
import { dataDeal } from './modules/data-deal.ts';
import { dataPrice } from './modules/data-price.ts';
import { dataProvision } from './modules/data-provision.ts';
import { dataRequest } from './modules/data-request.ts';
import { dataSet } from './modules/data-set.ts';

/** Scenario of data: modules in the order in which a newcomer meets them. */
export const DATA_MODULES = [
  dataSet,
  dataPrice,
  dataDeal,
  dataConsent,
  dataProvision,
  dataBlock,
  dataRequest,
] as const;
