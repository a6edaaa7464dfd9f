import { type Clock, ok, type Result, refuse } from '@hansa/kernel';
import type { GuardedClient } from '@hansa/platform';

/** Milliseconds for which a fetched list is used; a revocation is seen after this time at the latest. */
const maxAge = 60_000;
const maxEntries = 1000;

interface Cached {
  readonly at: number;
  readonly result: Result<string>;
}

/** Fetches status lists of other issuers over the guarded client and keeps them for a minute. */
export class StatusLists {
  readonly #cache = new Map<string, Cached>();
  readonly #underWay = new Map<string, Promise<Result<string>>>();

  constructor(
    private readonly client: GuardedClient,
    private readonly clock: Clock,
  ) {}

  readonly fetch = async (url: string): Promise<Result<string>> => {
    const cached = this.#cache.get(url);
    if (cached && this.clock.now().getTime() - cached.at < maxAge) return cached.result;
    const underWay = this.#underWay.get(url);
    if (underWay) return underWay;
    const fetching = this.#download(url).finally(() => this.#underWay.delete(url));
    this.#underWay.set(url, fetching);
    const result = await fetching;
    if (this.#cache.size >= maxEntries) this.#cache.delete(this.#cache.keys().next().value as string);
    // A failure is not kept: the credential is refused now, and the next request asks again.
    if (result.ok) this.#cache.set(url, { at: this.clock.now().getTime(), result });
    return result;
  };

  async #download(url: string): Promise<Result<string>> {
    const answer = await this.client.request({ url, headers: { accept: 'application/vc+jwt, application/jwt, */*' } });
    if (!answer.ok) return answer;
    if (answer.value.status !== 200)
      return refuse('status.unavailable', `The status list answered ${answer.value.status}.`);
    return ok(Buffer.from(answer.value.body).toString('utf8').trim());
  }
}
