import type { Transaction } from '@hansa/platform';
import type { DataSource, EntityManager } from 'typeorm';
import { type AuditCity, auditCitySchema, type CityState } from './audit-city.js';

/** What audits have from their cities. */
export class AuditCities {
  constructor(private readonly dataSource: DataSource) {}

  async add(tx: Transaction, auditId: string, cities: number): Promise<void> {
    const state: CityState = { status: 'waiting', transferId: null, problem: null };
    const rows = Array.from({ length: cities }, (_, place) => ({ auditId, place, state, answer: null }));
    await tx.manager.insert(auditCitySchema, rows as never);
  }

  /** In the order of the plan. */
  of(auditId: string): Promise<readonly AuditCity[]> {
    return this.dataSource.manager.find(auditCitySchema, { where: { auditId }, order: { place: 'ASC' } });
  }

  note(city: AuditCity, state: CityState): Promise<AuditCity> {
    return save(this.dataSource.manager, { ...city, state });
  }

  keep(tx: Transaction, city: AuditCity): Promise<AuditCity> {
    return save(tx.manager, city);
  }
}

async function save(manager: EntityManager, city: AuditCity): Promise<AuditCity> {
  const { auditId, place, state, answer } = city;
  await manager.update(auditCitySchema, { auditId, place }, { state, answer } as never);
  return city;
}
