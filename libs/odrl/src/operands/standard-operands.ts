import { operandRegistry } from '../operand.js';
import { auditAgeOperand } from './audit-age.js';
import { auditVerdictOperand } from './audit-verdict.js';
import { credentialOperand } from './credential.js';
import { dateTimeOperand } from './date-time.js';
import { purposeOperand } from './purpose.js';
import { spatialOperand } from './spatial.js';

/** The left operands that every node evaluates. */
export const standardOperands = operandRegistry([
  credentialOperand,
  purposeOperand,
  dateTimeOperand,
  spatialOperand,
  auditVerdictOperand,
  auditAgeOperand,
]);
