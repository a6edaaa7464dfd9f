export { checkCallback } from './callback-address.js';
export { DeliveryModule } from './delivery.module.js';
export { messageId, repeatKey } from './message-identity.js';
export { Relay } from './relay.js';
