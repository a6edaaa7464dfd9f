import type { CredentialRequest } from '../../api.js';
import { path } from '../../client.js';
import { answered, until } from '../calls.js';
import { type DemoNode, didAt, freePort, startNode } from '../node-process.js';
import { expect, given, type Step } from '../story.js';

export const startNodes: Step = {
  name: 'start-nodes',
  doing: 'starting an authority and two cities',
  run: async (story) => {
    const [authority, berlin, bruges] = (await Promise.all([7700, 7701, 7702].map(freePort))) as [
      number,
      number,
      number,
    ];
    const { directory } = story;
    const trusted = { directory, authority: didAt(authority) };
    // One after the other: the story shall also run on a machine with one processor.
    story.authority = await startNode({ city: 'authority', port: authority, directory });
    story.berlin = await startNode({ city: 'berlin', port: berlin, ...trusted });
    story.bruges = await startNode({ city: 'bruges', port: bruges, ...trusted });
    return 'An authority, berlin and bruges run as three nodes, each with its own database, keys and ledger.';
  },
};

export const issueCredentials: Step = {
  name: 'issue-credentials',
  doing: 'the authority issues membership credentials',
  run: async (story) => {
    const authority = given(story.authority, 'the authority');
    const cities: readonly [DemoNode, string, string][] = [
      [given(story.berlin, 'berlin'), 'Berlin', 'DE'],
      [given(story.bruges, 'bruges'), 'Bruges', 'BE'],
    ];
    for (const [node, city, country] of cities) {
      await answered(authority.manage.put(path`/issuer/members/${node.did}`, { claims: { city, country } }));
      const asked = await answered(
        node.manage.post<CredentialRequest>('/credentials/requests', { issuer: authority.did }),
      );
      const { status, reason } = await until(
        () => node.manage.get<CredentialRequest>(path`/credentials/requests/${asked.holderPid}`),
        (request) => request.status !== 'REQUESTED',
      );
      expect(status === 'ISSUED', `${city} got no credential: ${reason}`);
    }
    return 'Both cities asked the authority for a membership credential, and each holds one that it can show to the other.';
  },
};
