import { ok, type Result, refuse } from '@hansa/kernel';
import { quoteIdentifier, quoteLiteral } from './sql.js';
import type { TableProblem } from './table.js';
import type { Cell, TableSession } from './table-session.js';

/** A GeoJSON document is one JSON value, so all of it must fit into memory at once. */
const maxGeoJsonBytes = 64 * 2 ** 20;

/**
 * A FeatureCollection (RFC 7946 section 3.3) as a table: one row a feature, its properties as columns, its geometry as
 * JSON text, and the coordinates of points apart.
 *
 * @returns the name of the session's table
 */
export async function loadGeoJson(
  session: TableSession,
  file: string,
  size: number,
): Promise<Result<string, TableProblem>> {
  if (size > maxGeoJsonBytes)
    return refuse(
      'tabular.too-large',
      `A GeoJSON file may have ${maxGeoJsonBytes / 2 ** 20} MiB; use Parquet for more.`,
    );
  const document = `read_json(${quoteLiteral(file)}, format = 'unstructured', maximum_object_size = ${size + 1}, columns = {'type': 'VARCHAR', 'features': 'JSON[]'})`;
  const kind = await session.run(`SELECT type, features IS NULL FROM ${document}`);
  if (!kind.ok) return kind;
  if (kind.value.length !== 1 || kind.value[0]?.[0] !== 'FeatureCollection' || kind.value[0]?.[1] === true)
    return refuse('tabular.malformed', 'The file is not a GeoJSON FeatureCollection (RFC 7946 section 3.3).');
  const loaded = await session.run(`CREATE TEMP TABLE features AS SELECT unnest(features) AS feature FROM ${document}`);
  if (!loaded.ok) return loaded;
  const structure = await session.run("SELECT json_group_structure(feature->'properties') FROM features");
  if (!structure.ok) return structure;
  const table = await session.run(featureTable(structure.value[0]?.[0] ?? null));
  if (!table.ok) return table;
  const dropped = await session.run('DROP TABLE features');
  return dropped.ok ? ok('rows') : dropped;
}

function featureTable(structure: Cell): string {
  const text = typeof structure === 'string' && structure.startsWith('{') ? structure : '{}';
  const types = Object.entries(JSON.parse(text) as Record<string, unknown>);
  const names = types.map(([name]) => name);
  const free = (name: string): string => (names.some((own) => own.toLowerCase() === name) ? free(`${name}_1`) : name);
  const isPoint = "feature->>'$.geometry.type' = 'Point'";
  const coordinate = (i: number) =>
    `CASE WHEN ${isPoint} THEN CAST(feature->>'$.geometry.coordinates[${i}]' AS DOUBLE) END`;
  const properties = names.length ? [`unnest(json_transform(feature->'properties', ${quoteLiteral(text)}))`] : [];
  const columns = [
    ...properties,
    `nullif(CAST(feature->'geometry' AS VARCHAR), 'null') AS ${quoteIdentifier(free('geometry'))}`,
    `${coordinate(0)} AS ${quoteIdentifier(free('longitude'))}`,
    `${coordinate(1)} AS ${quoteIdentifier(free('latitude'))}`,
  ];
  // Whole numbers are detected as unsigned 64-bit; every other reader of this library has signed ones.
  const signed = types
    .filter(([, type]) => type === 'UBIGINT')
    .map(([name]) => `CAST(${quoteIdentifier(name)} AS BIGINT) AS ${quoteIdentifier(name)}`);
  const replaced = signed.length ? ` REPLACE (${signed.join(', ')})` : '';
  return `CREATE TEMP TABLE rows AS SELECT *${replaced} FROM (SELECT ${columns.join(', ')} FROM features)`;
}
