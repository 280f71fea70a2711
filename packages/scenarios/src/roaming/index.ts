import { roamingCredit } from './modules/credit.ts';
import { roamingDispute } from './modules/dispute.ts';
import { roamingIot } from './modules/iot.ts';
import { roamingIr21 } from './modules/ir21.ts';
import { roamingBank, roamingParty } from './modules/party.ts';
import { roamingStatement } from './modules/statement.ts';
import { roamingTap } from './modules/tap.ts';
import { roamingUsage } from './modules/usage.ts';

/** Scenario of roaming: modules in the order in which a newcomer meets them. */
export const ROAMING_MODULES = [
  roamingParty,
  roamingBank,
  roamingIr21,
  roamingIot,
  roamingUsage,
  roamingTap,
  roamingStatement,
  roamingDispute,
  roamingCredit,
] as const;
