/** Resolves when a part works, rejects with the reason when it does not. */
export type HealthCheck = () => Promise<void>;

export interface HealthReport {
  readonly status: 'up' | 'down';
  readonly parts: Readonly<Record<string, { readonly status: 'up' | 'down'; readonly reason?: string }>>;
}

const timeLimit = 3000;

/** Parts register what proves that they work; a part that stopped for good makes the node not ready. */
export class HealthChecks {
  readonly #checks = new Map<string, HealthCheck>();

  register(name: string, check: HealthCheck): void {
    this.#checks.set(name, check);
  }

  async run(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => {
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<never>((_resolve, reject) => {
          timer = setTimeout(() => reject(new Error(`no answer in ${timeLimit} ms`)), timeLimit);
        });
        try {
          await Promise.race([check(), late]);
          return [name, { status: 'up' as const }] as const;
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          return [name, { status: 'down' as const, reason }] as const;
        } finally {
          clearTimeout(timer);
        }
      }),
    );
    const status = results.every(([, part]) => part.status === 'up') ? 'up' : 'down';
    return { status, parts: Object.fromEntries(results) };
  }
}
