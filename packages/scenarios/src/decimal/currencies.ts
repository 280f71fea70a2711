/**
 * Digits after the point of ISO 4217 currencies in use, and XDR; by number of digits, codes in order. Table A.1 of ISO 4217,
 * compared in November 2026 with copies of the list of its maintenance agency (SIX) and with the EU's table of its amendments up to
 * 178: ANG became XCG, ZWL ZWG, SLL SLE, and CUC and HRK are gone; BGN went with the euro in Bulgaria, 2026-01-01. Funds,
 * metals and units of account other than XDR are no currencies to pay in, and left out.
 */
const BY_PLACES: readonly (readonly [number, string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC ' +
      'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
      'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD ' +
      'NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN ' +
      'SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  // The SDR of the IMF, in which roaming is settled: ISO 4217 gives no digits; amounts are kept to six.
  [6, 'XDR'],
];

/** Code to digits after the point. */
export const CURRENCIES: ReadonlyMap<string, number> = new Map(
  BY_PLACES.flatMap(([places, codes]) => codes.split(' ').map((code): [string, number] => [code, places])),
);
