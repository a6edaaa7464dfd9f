export { answerOnce } from './answer-once.js';
export { checkCallback } from './callback-address.js';
export { DeliveryModule } from './delivery.module.js';
export { messageId } from './message-identity.js';
export { overtaking } from './overtaking.js';
export { Relay } from './relay.js';
