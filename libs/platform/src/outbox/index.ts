export { Inbox, type StoredAnswer } from './inbox.js';
export { type ClaimedMessage, type DeadMessage, Outbox, type OutgoingMessage } from './outbox.js';
export { Outbox1763856000000 } from './outbox.migration.js';
