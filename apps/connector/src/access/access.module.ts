import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AdminGuard } from './admin.guard.js';
import { ADMIN_TOKEN } from './admin-token.js';

/** Who may use the management interface. */
@Global()
@Module({})
// biome-ignore lint/complexity/noStaticOnlyClass: Nest modules are classes
export class AccessModule {
  static with(token: string): DynamicModule {
    return {
      module: AccessModule,
      providers: [{ provide: ADMIN_TOKEN, useValue: token }, AdminGuard],
      exports: [ADMIN_TOKEN, AdminGuard],
    };
  }
}
