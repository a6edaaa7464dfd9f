export { Inbox } from './inbox.js';
export { InboxRefusal1763960023000 } from './inbox-refusal.migration.js';
export { Outage1763942400000 } from './outage.migration.js';
export { type Outage, Outages } from './outages.js';
export {
  type Answer,
  type ClaimedMessage,
  type Courier,
  type DeadMessage,
  type Delivered,
  type DeliveryHandler,
  Outbox,
  type OutgoingMessage,
} from './outbox.js';
export { Outbox1763856000000 } from './outbox.migration.js';
