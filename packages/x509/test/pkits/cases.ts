// The cases of NIST's Public Key Interoperability Test Suite (PKITS 1.0.1, 2011), by their numbers. The data
// comes with Debian's python3-cryptography-vectors; certificates are named there as here.

export interface PkitsCase {
  /** Such as 4.8.6.3: section, test, and the subtest where inputs differ. */
  readonly id: string;
  /** File of the end entity's certificate, without "EE.crt". */
  readonly leaf: string;
  readonly valid: boolean;
  readonly explicit?: boolean;
  readonly inhibitMapping?: boolean;
  readonly inhibitAny?: boolean;
  /** NIST-test-policy-N in the initial policy set. */
  readonly initial?: readonly number[];
}

/** Sections whose files say in their names which test they are and whether it is valid. */
const SECTIONS: Readonly<Record<string, string>> = {
  '4.1': `ValidCertificatePathTest1 InvalidCASignatureTest2 InvalidEESignatureTest3 ValidDSASignaturesTest4
    ValidDSAParameterInheritanceTest5 InvalidDSASignatureTest6`,
  '4.2': `InvalidCAnotBeforeDateTest1 InvalidEEnotBeforeDateTest2 Validpre2000UTCnotBeforeDateTest3
    ValidGeneralizedTimenotBeforeDateTest4 InvalidCAnotAfterDateTest5 InvalidEEnotAfterDateTest6
    Invalidpre2000UTCEEnotAfterDateTest7 ValidGeneralizedTimenotAfterDateTest8`,
  '4.3': `InvalidNameChainingTest1 InvalidNameChainingOrderTest2 ValidNameChainingWhitespaceTest3
    ValidNameChainingWhitespaceTest4 ValidNameChainingCapitalizationTest5 ValidNameUIDsTest6
    ValidRFC3280MandatoryAttributeTypesTest7 ValidRFC3280OptionalAttributeTypesTest8
    ValidUTF8StringEncodedNamesTest9 ValidRolloverfromPrintableStringtoUTF8StringTest10
    ValidUTF8StringCaseInsensitiveMatchTest11`,
  '4.4': `InvalidMissingCRLTest1 InvalidRevokedCATest2 InvalidRevokedEETest3 InvalidBadCRLSignatureTest4
    InvalidBadCRLIssuerNameTest5 InvalidWrongCRLTest6 ValidTwoCRLsTest7 InvalidUnknownCRLEntryExtensionTest8
    InvalidUnknownCRLExtensionTest9 InvalidUnknownCRLExtensionTest10 InvalidOldCRLnextUpdateTest11
    Invalidpre2000CRLnextUpdateTest12 ValidGeneralizedTimeCRLnextUpdateTest13 ValidNegativeSerialNumberTest14
    InvalidNegativeSerialNumberTest15 ValidLongSerialNumberTest16 ValidLongSerialNumberTest17
    InvalidLongSerialNumberTest18 ValidSeparateCertificateandCRLKeysTest19
    InvalidSeparateCertificateandCRLKeysTest20 InvalidSeparateCertificateandCRLKeysTest21`,
  '4.5': `ValidBasicSelfIssuedOldWithNewTest1 InvalidBasicSelfIssuedOldWithNewTest2
    ValidBasicSelfIssuedNewWithOldTest3 ValidBasicSelfIssuedNewWithOldTest4
    InvalidBasicSelfIssuedNewWithOldTest5 ValidBasicSelfIssuedCRLSigningKeyTest6
    InvalidBasicSelfIssuedCRLSigningKeyTest7 InvalidBasicSelfIssuedCRLSigningKeyTest8`,
  '4.6': `InvalidMissingbasicConstraintsTest1 InvalidcAFalseTest2 InvalidcAFalseTest3
    ValidbasicConstraintsNotCriticalTest4 InvalidpathLenConstraintTest5 InvalidpathLenConstraintTest6
    ValidpathLenConstraintTest7 ValidpathLenConstraintTest8 InvalidpathLenConstraintTest9
    InvalidpathLenConstraintTest10 InvalidpathLenConstraintTest11 InvalidpathLenConstraintTest12
    ValidpathLenConstraintTest13 ValidpathLenConstraintTest14 ValidSelfIssuedpathLenConstraintTest15
    InvalidSelfIssuedpathLenConstraintTest16 ValidSelfIssuedpathLenConstraintTest17`,
  '4.7': `InvalidkeyUsageCriticalkeyCertSignFalseTest1 InvalidkeyUsageNotCriticalkeyCertSignFalseTest2
    ValidkeyUsageNotCriticalTest3 InvalidkeyUsageCriticalcRLSignFalseTest4
    InvalidkeyUsageNotCriticalcRLSignFalseTest5`,
  '4.9': `ValidrequireExplicitPolicyTest1 ValidrequireExplicitPolicyTest2 InvalidrequireExplicitPolicyTest3
    ValidrequireExplicitPolicyTest4 InvalidrequireExplicitPolicyTest5
    ValidSelfIssuedrequireExplicitPolicyTest6 InvalidSelfIssuedrequireExplicitPolicyTest7
    InvalidSelfIssuedrequireExplicitPolicyTest8`,
  '4.11': `InvalidinhibitPolicyMappingTest1 ValidinhibitPolicyMappingTest2 InvalidinhibitPolicyMappingTest3
    ValidinhibitPolicyMappingTest4 InvalidinhibitPolicyMappingTest5 InvalidinhibitPolicyMappingTest6
    ValidSelfIssuedinhibitPolicyMappingTest7 InvalidSelfIssuedinhibitPolicyMappingTest8
    InvalidSelfIssuedinhibitPolicyMappingTest9 InvalidSelfIssuedinhibitPolicyMappingTest10
    InvalidSelfIssuedinhibitPolicyMappingTest11`,
  '4.12': `InvalidinhibitAnyPolicyTest1 ValidinhibitAnyPolicyTest2 InvalidinhibitAnyPolicyTest4
    InvalidinhibitAnyPolicyTest5 InvalidinhibitAnyPolicyTest6 ValidSelfIssuedinhibitAnyPolicyTest7
    InvalidSelfIssuedinhibitAnyPolicyTest8 ValidSelfIssuedinhibitAnyPolicyTest9
    InvalidSelfIssuedinhibitAnyPolicyTest10`,
  '4.13': `ValidDNnameConstraintsTest1 InvalidDNnameConstraintsTest2 InvalidDNnameConstraintsTest3
    ValidDNnameConstraintsTest4 ValidDNnameConstraintsTest5 ValidDNnameConstraintsTest6
    InvalidDNnameConstraintsTest7 InvalidDNnameConstraintsTest8 InvalidDNnameConstraintsTest9
    InvalidDNnameConstraintsTest10 ValidDNnameConstraintsTest11 InvalidDNnameConstraintsTest12
    InvalidDNnameConstraintsTest13 ValidDNnameConstraintsTest14 InvalidDNnameConstraintsTest15
    InvalidDNnameConstraintsTest16 InvalidDNnameConstraintsTest17 ValidDNnameConstraintsTest18
    ValidDNnameConstraintsTest19 InvalidDNnameConstraintsTest20 ValidRFC822nameConstraintsTest21
    InvalidRFC822nameConstraintsTest22 ValidRFC822nameConstraintsTest23 InvalidRFC822nameConstraintsTest24
    ValidRFC822nameConstraintsTest25 InvalidRFC822nameConstraintsTest26
    ValidDNandRFC822nameConstraintsTest27 InvalidDNandRFC822nameConstraintsTest28
    InvalidDNandRFC822nameConstraintsTest29 ValidDNSnameConstraintsTest30 InvalidDNSnameConstraintsTest31
    ValidDNSnameConstraintsTest32 InvalidDNSnameConstraintsTest33 ValidURInameConstraintsTest34
    InvalidURInameConstraintsTest35 ValidURInameConstraintsTest36 InvalidURInameConstraintsTest37
    InvalidDNSnameConstraintsTest38`,
  '4.14': `ValiddistributionPointTest1 InvaliddistributionPointTest2 InvaliddistributionPointTest3
    ValiddistributionPointTest4 ValiddistributionPointTest5 InvaliddistributionPointTest6
    ValiddistributionPointTest7 InvaliddistributionPointTest8 InvaliddistributionPointTest9
    ValidNoissuingDistributionPointTest10 InvalidonlyContainsUserCertsTest11 InvalidonlyContainsCACertsTest12
    ValidonlyContainsCACertsTest13 InvalidonlyContainsAttributeCertsTest14 InvalidonlySomeReasonsTest15
    InvalidonlySomeReasonsTest16 InvalidonlySomeReasonsTest17 ValidonlySomeReasonsTest18
    ValidonlySomeReasonsTest19 InvalidonlySomeReasonsTest20 InvalidonlySomeReasonsTest21
    ValidIDPwithindirectCRLTest22 InvalidIDPwithindirectCRLTest23 ValidIDPwithindirectCRLTest24
    ValidIDPwithindirectCRLTest25 InvalidIDPwithindirectCRLTest26 InvalidcRLIssuerTest27 ValidcRLIssuerTest28
    ValidcRLIssuerTest29 ValidcRLIssuerTest30 InvalidcRLIssuerTest31 InvalidcRLIssuerTest32
    ValidcRLIssuerTest33 InvalidcRLIssuerTest34 InvalidcRLIssuerTest35`,
  '4.15': `InvaliddeltaCRLIndicatorNoBaseTest1 ValiddeltaCRLTest2 InvaliddeltaCRLTest3 InvaliddeltaCRLTest4
    ValiddeltaCRLTest5 InvaliddeltaCRLTest6 ValiddeltaCRLTest7 ValiddeltaCRLTest8 InvaliddeltaCRLTest9
    InvaliddeltaCRLTest10`,
  '4.16': `ValidUnknownNotCriticalCertificateExtensionTest1 InvalidUnknownCriticalCertificateExtensionTest2`,
};

/** Cases whose inputs are their point: [id, file, valid, inputs]. */
const WITH_INPUTS: readonly (readonly [
  string,
  string,
  boolean,
  Omit<PkitsCase, 'id' | 'leaf' | 'valid'>?,
])[] = [
  ['4.8.1.1', 'ValidCertificatePathTest1', true, { explicit: true }],
  ['4.8.1.2', 'ValidCertificatePathTest1', true, { explicit: true, initial: [1] }],
  ['4.8.1.3', 'ValidCertificatePathTest1', false, { explicit: true, initial: [2] }],
  ['4.8.1.4', 'ValidCertificatePathTest1', true, { explicit: true, initial: [1, 2] }],
  ['4.8.2.1', 'AllCertificatesNoPoliciesTest2', true],
  ['4.8.2.2', 'AllCertificatesNoPoliciesTest2', false, { explicit: true }],
  ['4.8.3.1', 'DifferentPoliciesTest3', true],
  ['4.8.3.2', 'DifferentPoliciesTest3', false, { explicit: true }],
  ['4.8.3.3', 'DifferentPoliciesTest3', false, { explicit: true, initial: [1, 2] }],
  ['4.8.4', 'DifferentPoliciesTest4', false],
  ['4.8.5', 'DifferentPoliciesTest5', false],
  ['4.8.6.1', 'OverlappingPoliciesTest6', true],
  ['4.8.6.2', 'OverlappingPoliciesTest6', true, { initial: [1] }],
  ['4.8.6.3', 'OverlappingPoliciesTest6', false, { initial: [2] }],
  ['4.8.7', 'DifferentPoliciesTest7', false],
  ['4.8.8', 'DifferentPoliciesTest8', false],
  ['4.8.9', 'DifferentPoliciesTest9', false],
  ['4.8.10.1', 'AllCertificatesSamePoliciesTest10', true],
  ['4.8.10.2', 'AllCertificatesSamePoliciesTest10', true, { initial: [1] }],
  ['4.8.10.3', 'AllCertificatesSamePoliciesTest10', true, { initial: [2] }],
  ['4.8.11.1', 'AllCertificatesanyPolicyTest11', true],
  ['4.8.11.2', 'AllCertificatesanyPolicyTest11', true, { initial: [1] }],
  ['4.8.12', 'DifferentPoliciesTest12', false],
  ['4.8.13.1', 'AllCertificatesSamePoliciesTest13', true, { initial: [1] }],
  ['4.8.13.2', 'AllCertificatesSamePoliciesTest13', true, { initial: [2] }],
  ['4.8.13.3', 'AllCertificatesSamePoliciesTest13', true, { initial: [3] }],
  ['4.8.14.1', 'AnyPolicyTest14', true, { initial: [1] }],
  ['4.8.14.2', 'AnyPolicyTest14', false, { initial: [2] }],
  ['4.8.15', 'UserNoticeQualifierTest15', true],
  ['4.8.16', 'UserNoticeQualifierTest16', true],
  ['4.8.17', 'UserNoticeQualifierTest17', true],
  ['4.8.18.1', 'UserNoticeQualifierTest18', true, { initial: [1] }],
  ['4.8.18.2', 'UserNoticeQualifierTest18', true, { initial: [2] }],
  ['4.8.19', 'UserNoticeQualifierTest19', true],
  ['4.8.20', 'CPSPointerQualifierTest20', true],
  ['4.10.1.1', 'ValidPolicyMappingTest1', true, { initial: [1] }],
  ['4.10.1.2', 'ValidPolicyMappingTest1', false, { initial: [2] }],
  ['4.10.1.3', 'ValidPolicyMappingTest1', false, { inhibitMapping: true }],
  ['4.10.2.1', 'InvalidPolicyMappingTest2', false],
  ['4.10.2.2', 'InvalidPolicyMappingTest2', false, { inhibitMapping: true }],
  ['4.10.3.1', 'ValidPolicyMappingTest3', false, { initial: [1] }],
  ['4.10.3.2', 'ValidPolicyMappingTest3', true, { initial: [2] }],
  ['4.10.4', 'InvalidPolicyMappingTest4', false],
  ['4.10.5.1', 'ValidPolicyMappingTest5', true, { initial: [1] }],
  ['4.10.5.2', 'ValidPolicyMappingTest5', false, { initial: [6] }],
  ['4.10.6.1', 'ValidPolicyMappingTest6', true, { initial: [1] }],
  ['4.10.6.2', 'ValidPolicyMappingTest6', false, { initial: [6] }],
  ['4.10.7', 'InvalidMappingFromanyPolicyTest7', false],
  ['4.10.8', 'InvalidMappingToanyPolicyTest8', false],
  ['4.10.9', 'ValidPolicyMappingTest9', true],
  ['4.10.10', 'InvalidPolicyMappingTest10', false],
  ['4.10.11', 'ValidPolicyMappingTest11', true],
  ['4.10.12.1', 'ValidPolicyMappingTest12', true, { initial: [1] }],
  ['4.10.12.2', 'ValidPolicyMappingTest12', true, { initial: [2] }],
  ['4.10.13', 'ValidPolicyMappingTest13', true],
  ['4.10.14', 'ValidPolicyMappingTest14', true],
  ['4.12.3.1', 'inhibitAnyPolicyTest3', true],
  ['4.12.3.2', 'inhibitAnyPolicyTest3', false, { inhibitAny: true }],
];

const named = Object.entries(SECTIONS).flatMap(([section, list]) =>
  list.split(/\s+/).map((leaf) => ({
    id: `${section}.${/Test(\d+)$/.exec(leaf)?.[1]}`,
    leaf,
    valid: leaf.startsWith('Valid'),
  })),
);

export const PKITS_CASES: readonly PkitsCase[] = [
  ...named,
  ...WITH_INPUTS.map(([id, leaf, valid, inputs]) => ({ id, leaf, valid, ...inputs })),
];
