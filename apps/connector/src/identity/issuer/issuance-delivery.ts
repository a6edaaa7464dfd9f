import type { DeliveryHandler } from '@hansa/platform';
import { issuanceTopic } from './issuer.js';

/**
 * A delivered credential needs no further step here. One that its holder refuses, or that cannot be delivered, stays
 * issued: the holder asks again, and the operator sees the message among those given up.
 */
export const issuanceDelivery: DeliveryHandler = {
  topic: issuanceTopic,
  expectsReply: () => false,
  acknowledged: async () => {},
  refused: async () => {},
};
