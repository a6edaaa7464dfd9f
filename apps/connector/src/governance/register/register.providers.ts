import type { Clock, Ids } from '@hansa/kernel';
import { type Database, UnitOfWork } from '@hansa/platform';
import type { NodeConfig } from '../../config/index.js';
import { Ledger } from '../../ledger/index.js';
import { CLOCK, CONFIG, DATABASE, IDS } from '../../server/index.js';
import { Audits } from '../audits/audits.js';
import { Models } from '../models/models.js';
import { EditRegister } from './edit-register.js';
import { GatherMaterial } from './gather-material.js';
import { PublicRegister } from './public-register.js';
import { RegisterEntries } from './register-entries.js';

/** What makes up the algorithm register. */
export const registerProviders = [
  {
    provide: RegisterEntries,
    inject: [DATABASE],
    useFactory: (db: Database) => new RegisterEntries(db.dataSource),
  },
  {
    provide: GatherMaterial,
    inject: [Models, Audits, CONFIG],
    useFactory: (models: Models, audits: Audits, { publicUrl }: NodeConfig) =>
      new GatherMaterial(models, audits, publicUrl),
  },
  {
    provide: PublicRegister,
    inject: [RegisterEntries, GatherMaterial],
    useFactory: (entries: RegisterEntries, gather: GatherMaterial) => new PublicRegister(entries, gather),
  },
  {
    provide: EditRegister,
    inject: [UnitOfWork, RegisterEntries, GatherMaterial, Models, Audits, Ledger, CLOCK, IDS],
    useFactory: (
      unitOfWork: UnitOfWork,
      entries: RegisterEntries,
      gather: GatherMaterial,
      models: Models,
      audits: Audits,
      ledger: Ledger,
      clock: Clock,
      ids: Ids,
    ) => new EditRegister(unitOfWork, entries, gather, models, audits, ledger, clock, ids),
  },
];
