/** The parts of the untyped @digitalbazaar packages that this library uses. */
declare module '@digitalbazaar/ed25519-multikey' {
  export interface Multikey {
    readonly id?: string;
    readonly controller?: string;
    readonly publicKeyMultibase: string;
  }
  export function fromJwk(options: { readonly jwk: object }): Promise<Multikey>;
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  export interface Cryptosuite {
    readonly name: string;
  }
  export const cryptosuite: Cryptosuite;
}

declare module '@digitalbazaar/data-integrity' {
  import type { Cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

  export interface DataIntegritySigner {
    readonly id: string;
    readonly algorithm: string;
    sign(options: { readonly data: Uint8Array }): Promise<Uint8Array>;
  }
  export class DataIntegrityProof {
    constructor(options: {
      readonly cryptosuite: Cryptosuite;
      readonly signer?: DataIntegritySigner;
      readonly date?: Date;
    });
  }
}

declare module '@digitalbazaar/vc' {
  import type { DataIntegrityProof } from '@digitalbazaar/data-integrity';

  export interface RemoteDocument {
    readonly contextUrl: null;
    readonly documentUrl: string;
    readonly document: object;
  }
  export type DocumentLoader = (url: string) => Promise<RemoteDocument>;
  export interface Options {
    readonly credential: object;
    readonly suite: DataIntegrityProof;
    readonly documentLoader: DocumentLoader;
    readonly now: Date;
    /** Seconds. */
    readonly maxClockSkew: number;
  }
  export interface Verification {
    readonly verified: boolean;
    readonly error?: Error & { readonly errors?: readonly Error[] };
  }
  /** Adds the proof to the object that it is given. */
  export function issue(options: Options): Promise<object>;
  export function verifyCredential(
    options: Options & {
      readonly checkStatus: () => Promise<{ readonly verified: boolean }>;
      readonly purpose?: object;
    },
  ): Promise<Verification>;
}

declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, object>;
}

declare module '@digitalbazaar/data-integrity-context' {
  export const contexts: ReadonlyMap<string, object>;
}

declare module '@digitalbazaar/multikey-context' {
  export const contexts: ReadonlyMap<string, object>;
}
