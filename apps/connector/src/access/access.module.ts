import type { Database } from '@hansa/platform';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { DATABASE } from '../server/index.js';
import { AdminGuard } from './admin.guard.js';
import { ADMIN_TOKEN } from './admin-token.js';
import { PersonTokens } from './person-tokens.js';

/** Who may use the management interface. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest modules are classes
export class AccessModule {
  static with(token: string): DynamicModule {
    return {
      module: AccessModule,
      providers: [
        { provide: ADMIN_TOKEN, useValue: token },
        {
          provide: PersonTokens,
          inject: [DATABASE],
          useFactory: (database: Database) => new PersonTokens(database.dataSource),
        },
        AdminGuard,
      ],
      exports: [ADMIN_TOKEN, PersonTokens, AdminGuard],
    };
  }
}
