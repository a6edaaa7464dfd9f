import { serviceEndpoint } from '@hansa/dcp';
import {
  baseOf,
  catalogPaths,
  type FilterCondition,
  type ListedDataset,
  type Offer,
  type ParsedCatalog,
  parseCatalog,
  parseDataset,
  serialize,
  serializeFilter,
} from '@hansa/dsp';
import { type Did, type Ids, type Json, ok, parseJson, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient } from '@hansa/platform';
import type { Authorize, DidResolver } from '../identity/index.js';

const versionPath = '/.well-known/dspace-version';
/** A page of a catalogue may be larger than other control documents. */
const maxCatalogBytes = 8 * 1024 * 1024;

export interface PeerPage extends ParsedCatalog {
  /** The base URL of the peer's protocol endpoints. */
  readonly address: string;
  /** The address of the next page, as the peer gave it. */
  readonly next: string | null;
}

/** What other participants offer, asked for over the Dataspace Protocol. */
export class PeerCatalog {
  readonly #addresses = new Map<Did, { readonly at: number; readonly address: string }>();

  constructor(
    private readonly dids: DidResolver,
    private readonly authorize: Authorize,
    private readonly client: GuardedClient,
    private readonly ids: Ids,
  ) {}

  /** Finds the peer's protocol endpoints by its DID document and version document (DSP 2025-1 §4.3). */
  async discover(did: Did): Promise<Result<string>> {
    const known = this.#addresses.get(did);
    if (known && Date.now() - known.at < 300_000) return ok(known.address);
    const document = await this.dids.resolve(did, { refresh: false });
    if (!document.ok) return document;
    const service = serviceEndpoint(document.value, 'DataService');
    if (!service.ok) return service;
    const root = service.value.endsWith(versionPath) ? service.value.slice(0, -versionPath.length) : service.value;
    const versions = await this.client.getJson(`${root}${versionPath}`);
    if (!versions.ok) return versions;
    const address = baseOf(root, versions.value);
    if (address.ok) this.#addresses.set(did, { at: Date.now(), address: address.value });
    return address;
  }

  /** One page of the peer's catalogue. `page` is the `next` of the page before, asked for with the same filter. */
  async browse(did: Did, conditions: readonly FilterCondition[], page?: string): Promise<Result<PeerPage>> {
    const address = await this.discover(did);
    if (!address.ok) return address;
    const url = page ?? catalogPaths.request(address.value);
    if (!url.startsWith(address.value))
      return refuse('catalog.page-invalid', 'The page is not one of this peer.', 'page');
    const body = serialize({ type: 'CatalogRequestMessage', filter: serializeFilter(conditions) }, this.ids.next());
    const answer = await this.#request(did, 'POST', url, JSON.stringify(body));
    if (!answer.ok) return answer;
    const parsed = parseCatalog(answer.value.body);
    return parsed.ok ? ok({ ...parsed.value, address: address.value, next: nextPage(answer.value.link, url) }) : parsed;
  }

  async dataset(did: Did, id: string): Promise<Result<{ readonly dataset: ListedDataset; readonly address: string }>> {
    const address = await this.discover(did);
    if (!address.ok) return address;
    const answer = await this.#request(did, 'GET', catalogPaths.dataset(address.value, id));
    if (!answer.ok) return answer;
    const dataset = parseDataset(answer.value.body);
    return dataset.ok ? ok({ dataset: dataset.value, address: address.value }) : dataset;
  }

  /** The offer named, or the only one of the dataset. */
  async offer(
    did: Did,
    datasetId: string,
    offerId?: string,
  ): Promise<Result<{ readonly offer: Offer; readonly address: string }>> {
    const found = await this.dataset(did, datasetId);
    if (!found.ok) return found;
    const { dataset, address } = found.value;
    const offers = dataset.offers.filter((offer) => offerId === undefined || offer['@id'] === offerId);
    const [offer, another] = offers;
    if (!offer) return refuse('offer.not-found', `${did} makes no offer ${offerId} for ${datasetId}.`, 'offerId');
    if (another) {
      const ids = offers.map((one) => one['@id']).join(', ');
      return refuse(
        'offer.ambiguous',
        `${datasetId} is offered under several policies; choose one of ${ids}.`,
        'offerId',
      );
    }
    return ok({ offer, address });
  }

  async #request(
    did: Did,
    method: 'GET' | 'POST',
    url: string,
    body?: string,
  ): Promise<Result<{ readonly body: Json; readonly link: string | undefined }>> {
    const headers = { 'content-type': 'application/json', authorization: await this.authorize(did) };
    const answer = await this.client.request({
      method,
      url,
      headers,
      ...(body ? { body } : {}),
      maxBytes: maxCatalogBytes,
    });
    if (!answer.ok) return answer;
    const parsed = parseJson(Buffer.from(answer.value.body).toString('utf8'));
    const { status } = answer.value;
    if (status === 200 && parsed.ok) return ok({ body: parsed.value, link: textOf(answer.value.headers.link) });
    const reason = parsed.ok ? reasonOf(parsed.value) : '';
    return refuse('peer.refused', `${did} answered ${status}${reason}.`);
  }
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}

/** `<…>; rel="next"` of a Link header (RFC 8288), resolved against the request. */
function nextPage(link: string | undefined, base: string): string | null {
  const target = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '')?.[1];
  return target !== undefined && URL.canParse(target, base) ? new URL(target, base).href : null;
}

function reasonOf(body: Json): string {
  const reason = (body as { readonly reason?: unknown } | null)?.reason;
  const texts = Array.isArray(reason) ? reason.filter((part): part is string => typeof part === 'string') : [];
  return texts.length > 0 ? `: ${texts.join('; ')}` : '';
}
