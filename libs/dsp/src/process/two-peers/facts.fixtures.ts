import type { Role } from '../table.js';

/** What a receiver made of a message: `illegal-transition` and `pid-mismatch` are final refusals, `busy` is "later". */
export type Verdict = 'applied' | 'implied' | 'busy' | 'illegal-transition' | 'pid-mismatch';

/** Where a peer stood when it was killed. */
export type CrashPoint =
  | 'decided, not sent'
  | 'sent, not arrived'
  | 'applied there, answer not here'
  | 'refused there, answer not here'
  | 'applied here, answer not out'
  | 'refused here, answer not out'
  | 'nothing under way';

/** Everything worth knowing about a run, told as it happens. */
export type Fact =
  | { readonly kind: 'opened'; readonly by: Role; readonly id: string; readonly move: string }
  | { readonly kind: 'turned-away'; readonly id: string }
  | {
      readonly kind: 'said';
      readonly by: Role;
      readonly state: string;
      readonly move: string;
      readonly verdict: 'sent' | 'illegal-transition' | 'message-pending';
    }
  | {
      readonly kind: 'arrived';
      readonly by: Role;
      /** The receiver's state, and its own message in flight, before the message arrived. */
      readonly state: string;
      readonly pending: string | null;
      readonly id: string;
      readonly move: string;
      readonly verdict: Verdict;
      /** Whether the table allows it in the receiver's state. */
      readonly legal: boolean;
      /** No peer of ours has sent it: it stands for a peer that breaks the rules. */
      readonly forged: boolean;
    }
  | { readonly kind: 'acknowledged'; readonly by: Role; readonly id: string }
  | { readonly kind: 'withdrawn'; readonly by: Role; readonly id: string; readonly because: 'refused' | 'overtaken' }
  | { readonly kind: 'crossing'; readonly state: string; readonly provider: string; readonly consumer: string }
  | { readonly kind: 'repeat'; readonly answer: 'ok' | 'refused' }
  | { readonly kind: 'crash'; readonly role: Role; readonly at: CrashPoint }
  | { readonly kind: 'link'; readonly what: 'dropped' | 'doubled' | 'overtook'; readonly packet: 'request' | 'answer' };
