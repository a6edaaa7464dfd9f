import { resolve } from 'node:path';
import {
  inspectModel,
  type ModelCardInput,
  type ModelHost,
  type ModelSignature,
  modelCard,
  readModelFile,
} from '@hansa/inference';
import { type Clock, type Digest, digestOf, type Ids, ok, type Result, refuse } from '@hansa/kernel';
import type { UnitOfWork } from '@hansa/platform';
import type { Ledger } from '../../ledger/index.js';
import type { Blobs } from './blobs.port.js';
import type { HostedModel } from './hosted-model.js';
import type { Models } from './models.js';

export interface NewModel {
  /** On the machine of the node. */
  readonly path: string;
  readonly card: ModelCardInput;
}

/** Takes a model in: looks at its bytes, keeps them, and loads it once, so that what cannot run is not registered. */
export class RegisterModel {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly models: Models,
    private readonly blobs: Blobs,
    private readonly host: ModelHost,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async run(input: NewModel): Promise<Result<HostedModel>> {
    const card = modelCard(input.card);
    const bytes = await readModelFile(resolve(input.path), 'the machine of the node');
    if (!bytes.ok) return bytes;
    const inspected = inspectModel(bytes.value);
    if (!inspected.ok) return inspected;
    const digest = digestOf(bytes.value);
    const known = await this.models.findVersion(card.name, card.version);
    if (known) return conflict(known, digest);
    const loaded = await this.#keep(digest, bytes.value);
    if (!loaded.ok) return loaded;
    const model: HostedModel = {
      id: this.ids.next(),
      digest,
      signature: loaded.value,
      card,
      createdAt: this.clock.now(),
    };
    const added = await this.unitOfWork.run(async (tx) => {
      if (!(await this.models.add(tx, model))) return false;
      const { name, version, intendedUse, threshold, positiveClass } = card;
      const data = { digest, name, version, intendedUse, threshold, positiveClass };
      await this.ledger.append(tx, { kind: 'model.registered', subjects: [model.id], data });
      return true;
    });
    if (added) return ok(model);
    const first = await this.models.findVersion(card.name, card.version);
    return first ? conflict(first, digest) : refuse('model.conflict', 'The model was registered at the same moment.');
  }

  async #keep(digest: Digest, bytes: Uint8Array): Promise<Result<ModelSignature>> {
    await this.blobs.put(digest, bytes);
    const loaded = await this.host.load({ digest, path: this.blobs.pathOf(digest) });
    if (!loaded.ok && !(await this.models.isHosted(digest))) {
      await this.host.unload(digest);
      await this.blobs.remove(digest);
    }
    return loaded;
  }
}

function conflict({ id, digest, card: { name, version } }: HostedModel, other: Digest): Result<never> {
  const detail =
    digest === other
      ? `This file is registered as ${name} ${version} already: ${id}.`
      : `${name} ${version} is another file (${digest}); give the new file a new version.`;
  return refuse('model.conflict', detail, 'card.version');
}
