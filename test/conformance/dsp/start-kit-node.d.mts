/** A node that plays by the kit's script, in a process of its own. */
export interface KitNode {
  readonly did: string;
  /** The root of the node. */
  readonly root: string;
  /** The base of its protocol endpoints. */
  readonly base: string;
  /** The root of the triggers beside it. */
  readonly triggers: string;
  /** The header that it believes. */
  readonly authorization: string;
  /** What the process has written. */
  log(): string;
  /** Ends the process and takes its data away; its exit code, or the signal that ended it. */
  stop(): Promise<number | string>;
}

export function startKitNode(options: { readonly kitAddress: string; readonly pause: number }): Promise<KitNode>;
