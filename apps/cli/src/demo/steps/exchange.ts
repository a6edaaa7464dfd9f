import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Negotiation, PeerCatalog, Pulled } from '../../api.js';
import { path } from '../../client.js';
import { orFail } from '../../failure.js';
import { answered, negotiate, offer, refusal, register, startTransfer } from '../calls.js';
import { writeCsv } from '../data/csv.js';
import { loadStops } from '../data/stops.js';
import { expect, given, type Step } from '../story.js';
import { inviteStranger } from '../stranger.js';

const purpose = 'dpv:ImproveTransportMobility';
const rounds = 11;

export const offerStops: Step = {
  name: 'offer-stops',
  doing: 'berlin registers and offers its stops',
  run: async (story) => {
    const berlin = given(story.berlin, 'berlin');
    const file = join(story.directory, 'stops.csv');
    await writeFile(file, writeCsv(orFail(loadStops())));
    const dataset = await register(berlin, {
      title: 'Public transport stops of Berlin and Brandenburg',
      description: 'Stops with their places and a weight by traffic.',
      keywords: ['public transport', 'stops'],
      publisher: 'VBB Verkehrsverbund Berlin-Brandenburg GmbH',
      licence: 'CC BY 4.0',
      source: { kind: 'file', path: file },
    });
    await offer(berlin, dataset.id, 'purpose-bound', { purpose: 'dpv:PublicBenefit' });
    story.stopsId = dataset.id;
    return `Berlin offers ${dataset.profile?.rows.toLocaleString('en')} public transport stops to members, for purposes of public benefit.`;
  },
};

export const pullStops: Step = {
  name: 'pull-stops',
  doing: 'bruges finds the stops, negotiates and pulls them',
  run: async (story) => {
    const [berlin, bruges] = [given(story.berlin, 'berlin'), given(story.bruges, 'bruges')];
    const catalog = await answered(bruges.manage.post<PeerCatalog>('/catalog/request', { counterparty: berlin.did }));
    const found = catalog.datasets.find((dataset) => dataset.id === story.stopsId);
    expect(found, 'bruges does not find the stops in the catalogue of berlin');
    const times: number[] = [];
    let last: Negotiation | undefined;
    for (let round = 0; round < rounds; round++) {
      last = await negotiate(bruges, berlin, found.id, purpose);
      expect(last.state === 'FINALIZED', `the negotiation ended ${last.state}: ${refusal(last)}`);
      times.push(Date.parse(last.updatedAt) - Date.parse(last.createdAt));
    }
    story.agreementId = given(last?.agreementId ?? undefined, 'the agreement');
    const transfer = await startTransfer(bruges, story.agreementId);
    expect(transfer.state === 'STARTED', `the transfer is ${transfer.state}`);
    story.transferId = transfer.id;
    const pulled = await answered(
      bruges.manage.post<Pulled>(path`/transfers/${transfer.id}/pull`, { format: 'parquet' }),
    );
    expect(pulled.matches, 'the digests of the two sides differ');
    const median = times.sort((a, b) => a - b)[times.length >> 1];
    return `Bruges found the stops, agreed on the terms (median of ${rounds} negotiations: ${median} ms) and pulled ${pulled.rows.toLocaleString('en')} rows as Parquet; both sides state the digest ${pulled.digest.slice(0, 16)}….`;
  },
};

export const refuseStranger: Step = {
  name: 'refuse-stranger',
  doing: 'a stranger asks for the catalogue',
  run: async (story) => {
    const berlin = given(story.berlin, 'berlin');
    const stranger = await inviteStranger();
    try {
      const { status, reason } = await stranger.askCatalog(berlin);
      expect(status === 401, `the stranger was answered with ${status}`);
      return `A stranger who proves its identity but shows no credential is refused: “${reason}”`;
    } finally {
      await stranger.leave();
    }
  },
};

export const refusePurpose: Step = {
  name: 'refuse-purpose',
  doing: 'bruges asks for another purpose',
  run: async (story) => {
    const [berlin, bruges] = [given(story.berlin, 'berlin'), given(story.bruges, 'bruges')];
    const refused = await negotiate(bruges, berlin, given(story.stopsId, 'the dataset'), 'dpv:DirectMarketing');
    expect(refused.state === 'TERMINATED', `the negotiation ended ${refused.state}`);
    const { items } = await answered(berlin.manage.get<{ items: readonly Negotiation[] }>('/negotiations?limit=1'));
    const trace = items[0]?.decision?.trace;
    expect(trace, 'the decision has no trace');
    return `Bruges asks again for direct marketing and is refused: “${refusal(refused)}” Berlin keeps the trace: ${trace.conclusion}`;
  },
};

export const endAgreement: Step = {
  name: 'end-agreement',
  doing: 'berlin ends the agreement',
  run: async (story) => {
    const [berlin, bruges] = [given(story.berlin, 'berlin'), given(story.bruges, 'bruges')];
    const agreementId = given(story.agreementId, 'the agreement');
    await answered(berlin.manage.post(path`/agreements/${agreementId}/terminate`, { reason: 'The pilot has ended.' }));
    const pulled = await bruges.manage.post<Pulled>(path`/transfers/${given(story.transferId, 'the transfer')}/pull`, {
      format: 'parquet',
    });
    expect(!pulled.ok, 'bruges could still pull after the end of the agreement');
    return `Berlin ends the agreement, and the next pull is refused at once: “${pulled.problem.detail}”`;
  },
};
