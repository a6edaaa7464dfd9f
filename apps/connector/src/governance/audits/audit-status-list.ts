import { createStatusList, issueStatusList, withStatus } from '@hansa/dcp';
import type { Clock } from '@hansa/kernel';
import type { NodeIdentity } from '../../identity/index.js';
import type { Audits } from './audits.js';

/** Milliseconds for which a verifier may keep the list; it is signed anew whenever it is asked for. */
const validity = 24 * 3600 * 1000;

/** Where everybody can look whether an audit of this node was revoked. */
export function auditStatusListUrl(identity: NodeIdentity): string {
  return `${identity.publicUrl}/audits/status-lists/1`;
}

/** The list of revoked audits (Bitstring Status List 1.0). */
export class AuditStatusList {
  constructor(
    private readonly audits: Audits,
    private readonly identity: NodeIdentity,
    private readonly clock: Clock,
  ) {}

  /** As a signed credential in JWT form. */
  async sign(): Promise<string> {
    const revoked = await this.audits.revokedIndices();
    const bits = revoked.reduce((list, index) => withStatus(list, index, true), createStatusList());
    const now = this.clock.now();
    return issueStatusList({
      signer: this.identity.credential,
      issuer: this.identity.did,
      url: auditStatusListUrl(this.identity),
      purpose: 'revocation',
      bits,
      validFrom: now,
      validUntil: new Date(now.getTime() + validity),
    });
  }
}
