/**
 * A record as TypeORM shall see it. Its types for conditions and for partial rows recurse into every member, without
 * end for JSON, so JSON columns are plain objects to it.
 *
 * @example
 * new EntitySchema<RowOf<Dataset, 'source' | 'profile'>>({ … });
 */
export type RowOf<T, JsonColumn extends keyof T> = Omit<T, JsonColumn> & { readonly [K in JsonColumn]: object | null };
