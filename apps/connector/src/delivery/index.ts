export { DeliveryModule } from './delivery.module.js';
export { messageId, repeatKey } from './message-identity.js';
