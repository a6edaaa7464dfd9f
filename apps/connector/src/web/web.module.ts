import type { Clock } from '@hansa/kernel';
import { Module } from '@nestjs/common';
import { Datasets } from '../catalog/index.js';
import type { NodeConfig } from '../config/index.js';
import { AuditReports, PublicRegister } from '../governance/index.js';
import { NodeIdentity } from '../identity/index.js';
import { CLOCK, CONFIG } from '../server/index.js';
import { AssetsController } from './assets.controller.js';
import { AuditFilesController } from './audit-files.controller.js';
import { AuditPdfs } from './audit-pdfs.js';
import { PagesController } from './pages.controller.js';
import { placeName } from './place-name.js';
import { PublicPages } from './public-pages.js';
import { PublicRegisterPages } from './public-register-pages.js';
import { RegisterFilesController, RegisterPagesController } from './register-pages.controller.js';

/** What everybody may see of a node, in a browser. */
@Module({
  controllers: [
    PagesController,
    AuditFilesController,
    AssetsController,
    RegisterFilesController,
    RegisterPagesController,
  ],
  providers: [
    AuditPdfs,
    {
      provide: PublicPages,
      inject: [CONFIG, NodeIdentity, Datasets, AuditReports, PublicRegister],
      useFactory: (
        config: NodeConfig,
        identity: NodeIdentity,
        datasets: Datasets,
        reports: AuditReports,
        register: PublicRegister,
      ) => {
        const { city, authority, publicUrl } = config;
        const node = { city: placeName(city), did: identity.did, publicUrl, authority };
        return new PublicPages(node, datasets, reports, register);
      },
    },
    {
      provide: PublicRegisterPages,
      inject: [PublicPages, PublicRegister, AuditReports, CLOCK],
      useFactory: (pages: PublicPages, register: PublicRegister, reports: AuditReports, clock: Clock) =>
        new PublicRegisterPages(pages, register, reports, clock),
    },
  ],
})
export class WebModule {}
