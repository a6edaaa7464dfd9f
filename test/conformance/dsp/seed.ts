import { admitNegotiation, type ConsumerPid, initiateNegotiation } from '@hansa/dsp';
import { type Did, uuids } from '@hansa/kernel';
import type { Transaction, UnitOfWork } from '@hansa/platform';
import { type Datasets, plainRules } from '../../../apps/connector/src/catalog/index.js';
import {
  type Agreements,
  concludedAgreement,
  type Negotiations,
} from '../../../apps/connector/src/negotiation/index.js';
import { kitParticipant } from './kit-participant.js';
import scripts from './scripts.json' with { type: 'json' };

/** The parts of a node that the seed is written to. */
export interface SeedStores {
  readonly unitOfWork: UnitOfWork;
  readonly datasets: Datasets;
  readonly negotiations: Negotiations;
  readonly agreements: Agreements;
}

/** The offer that the kit names in its requests for a dataset. */
const offerIdOf = (datasetId: string): string => `CD123:${datasetId}:456`;

const permission = [{ action: 'use' }];

/** What the kit expects to find: datasets on offer, and agreements under which transfers can be asked for. */
export async function seed(stores: SeedStores, own: Did, kitAddress: string): Promise<void> {
  const provided = Object.keys(scripts.negotiations).filter((id) => !id.startsWith('ACNC'));
  await stores.unitOfWork.run(async (tx) => {
    for (const id of [...scripts.datasets, ...provided]) await seedDataset(tx, stores, id);
    for (const id of Object.keys(scripts.transfers)) await seedAgreement(tx, stores, id, own, kitAddress);
  });
}

async function seedDataset(tx: Transaction, { datasets }: SeedStores, id: string): Promise<void> {
  const createdAt = new Date();
  await datasets.add(tx, {
    id,
    title: `Dataset ${id} of the conformance kit`,
    description: '',
    keywords: [],
    publisher: null,
    licence: null,
    source: { kind: 'file', path: `${id}.csv`, format: 'csv' },
    finite: true,
    intervalSeconds: null,
    profile: null,
    createdAt,
  });
  const policy = { '@type': 'Offer', '@id': offerIdOf(id), permission };
  await datasets.addOffer(tx, {
    id: offerIdOf(id),
    datasetId: id,
    policy,
    template: null,
    negotiation: plainRules,
    createdAt,
    withdrawnAt: null,
  });
}

/** A concluded agreement, and the negotiation that it came from. */
async function seedAgreement(
  tx: Transaction,
  { negotiations, agreements }: SeedStores,
  id: string,
  own: Did,
  address: string,
): Promise<void> {
  const role = id.startsWith('ATPC') ? 'consumer' : 'provider';
  const [negotiationId, datasetId, now] = [uuids.next(), `dataset-of-${id}`, new Date()];
  const offer = { '@type': 'Offer', '@id': `offer-of-${id}`, target: datasetId, permission } as const;
  const consumerPid = negotiationId as ConsumerPid;
  const opening = { type: 'ContractRequestMessage', consumerPid, callbackAddress: address, offer } as const;
  const about = { counterparty: kitParticipant, address, datasetId, purpose: null, credentials: [] };
  const negotiation =
    role === 'provider' ? admitNegotiation(opening, negotiationId) : initiateNegotiation(opening, negotiationId);
  const [assigner, assignee] = role === 'provider' ? [own, kitParticipant] : [kitParticipant, own];
  const policy = {
    ...offer,
    '@type': 'Agreement',
    '@id': id,
    assigner,
    assignee,
    timestamp: now.toISOString(),
  } as const;
  const { counterparty, purpose, credentials } = about;
  const agreed = { negotiationId, role, counterparty, address, purpose, credentials, supersedes: null } as const;
  const nothing = { decision: null, handling: null, awaiting: null, supersedes: null };
  const rest = { ...nothing, createdAt: now, updatedAt: now };
  await negotiations.insert(tx, { id: negotiationId, ...about, negotiation, ...rest });
  await agreements.insert(tx, concludedAgreement(policy, agreed));
}
