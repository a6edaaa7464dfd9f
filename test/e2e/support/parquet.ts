import { DuckDBInstance } from '@duckdb/node-api';

/** What DuckDB itself reads in a Parquet file, past our table engine. */
export async function queryParquet(file: string, columns: string): Promise<readonly Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const result = await connection.runAndReadAll(
      `SELECT ${columns} FROM read_parquet('${file.replaceAll("'", "''")}')`,
    );
    return result.getRowObjects();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
