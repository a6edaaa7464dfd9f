import { type MessageType, negotiationStates, transferStates } from '@hansa/dsp';
import type { Verdict } from '@hansa/fair';
import type { Metrics, Outbox } from '@hansa/platform';
import { mediaTypes } from '@hansa/tabular';

// Values that are read from messages and entries are strings to the compiler; one that is not listed counts as `other`.
const roles: readonly string[] = ['consumer', 'provider'];
const formats: readonly string[] = Object.keys(mediaTypes);
const statuses: readonly string[] = ['200', '206', '304', '401', '403', '404', '406', '410', '416'];
const verdicts: readonly string[] = ['pass', 'fail', 'insufficient-data', 'none'] satisfies (
  | Verdict['outcome']
  | 'none'
)[];
const statesOf = (known: readonly string[]): readonly string[] => ['INITIAL', ...known];

/** What DSP 2025-1, our extension of it, and DCP 1.0 send by POST; presentations and credentials are messages of DCP. */
const messageTypes: readonly string[] = [
  'CatalogRequestMessage',
  'ContractRequestMessage',
  'ContractOfferMessage',
  'ContractAgreementMessage',
  'ContractAgreementVerificationMessage',
  'ContractNegotiationEventMessage',
  'ContractNegotiationTerminationMessage',
  'TransferRequestMessage',
  'TransferStartMessage',
  'TransferSuspensionMessage',
  'TransferCompletionMessage',
  'TransferTerminationMessage',
  'AgreementTerminationMessage',
  'PresentationQueryMessage',
  'CredentialRequestMessage',
  'CredentialMessage',
] satisfies (MessageType | 'AgreementTerminationMessage' | DcpMessageType)[];

type DcpMessageType = 'PresentationQueryMessage' | 'CredentialRequestMessage' | 'CredentialMessage';

/**
 * The measurements of a node beside those of its process. Names follow Prometheus' conventions
 * (https://prometheus.io/docs/practices/naming/); no label holds a DID, an id or an address.
 *
 * @example
 * metrics.policyDecisions.add({ outcome: 'permit' });
 */
export type HansaMetrics = ReturnType<typeof createHansaMetrics>;

/** Registers every measurement, so that each stands in the first scrape already. */
export function createHansaMetrics(metrics: Metrics, outbox: Pick<Outbox, 'sizes'>) {
  metrics.gauge({
    name: 'hansa_outbox_messages',
    help: 'Messages in the outbox: waiting for delivery, or dead because their receiver was not reached',
    labels: { state: ['waiting', 'dead'] },
    read: async () => {
      const { waiting, dead } = await outbox.sizes();
      return [
        { labels: { state: 'waiting' }, value: waiting },
        { labels: { state: 'dead' }, value: dead },
      ];
    },
  });
  return {
    negotiations: metrics.counter({
      name: 'hansa_negotiations_total',
      help: 'Negotiations that reached a state',
      labels: { role: roles, state: statesOf(negotiationStates) },
    }),
    transfers: metrics.counter({
      name: 'hansa_transfers_total',
      help: 'Transfers that reached a state',
      labels: { role: roles, state: statesOf(transferStates) },
    }),
    messagesReceived: metrics.counter({
      name: 'hansa_messages_received_total',
      help: 'Protocol messages that others sent, by what they were answered',
      labels: { type: messageTypes, outcome: ['accepted', 'refused', 'busy', 'failed'] },
    }),
    deliveryAttempts: metrics.counter({
      name: 'hansa_delivery_attempts_total',
      help: 'Attempts to deliver our messages: acknowledged, refused for good, to be repeated, or given up',
      labels: { type: messageTypes, outcome: ['acknowledged', 'refused', 'repeated', 'abandoned'] },
    }),
    policyDecisions: metrics.counter({
      name: 'hansa_policy_decisions_total',
      help: 'Decisions about a policy',
      labels: { outcome: ['permit', 'deny'] },
    }),
    dataRequests: metrics.counter({
      name: 'hansa_data_requests_total',
      help: 'Requests for data, by format (none where no data were the answer) and HTTP status',
      labels: { format: [...formats, 'none'], status: statuses },
    }),
    dataReleased: metrics.counter({
      name: 'hansa_data_released_bytes_total',
      help: 'Bytes of data that were released, as the receipts in the ledger have them',
      labels: { format: formats },
    }),
    audits: metrics.counter({
      name: 'hansa_audits_total',
      help: 'Audits that came to an end; none is the verdict of one that could not be run',
      labels: { verdict: verdicts },
    }),
    inference: metrics.histogram({
      name: 'hansa_inference_duration_seconds',
      help: 'Requests to hosted models, from the parsed request to the answer',
      labels: { outcome: ['answered', 'refused'] },
    }),
  };
}
