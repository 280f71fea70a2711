import { assessAhead } from '../module/assess-ahead.ts';
import { x509Rules } from '../module/x509-rules.ts';
import { pkiModule } from '../pki-module.ts';
import { sha256 } from '../sha256.ts';
import { createSubmissionBuilder } from './build-submission.ts';

/** Builds and signs a submission, checked as every validator will check it. */
export const buildSubmission = createSubmissionBuilder(
  { sha256, certificates: x509Rules },
  pkiModule,
  assessAhead,
);
