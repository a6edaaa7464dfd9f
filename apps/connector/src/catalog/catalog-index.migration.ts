import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What filters of the catalogue ask about. */
export class CatalogIndex1763946000000 implements MigrationInterface {
  readonly name = 'CatalogIndex1763946000000';

  async up(runner: QueryRunner): Promise<void> {
    // An index needs a function that is declared immutable, and array_to_string is not. For texts it is.
    await runner.query(`
      CREATE FUNCTION dataset_words(title text, description text, keywords text[]) RETURNS tsvector
      LANGUAGE sql IMMUTABLE PARALLEL SAFE
      RETURN to_tsvector('pg_catalog.simple'::regconfig, title || ' ' || description || ' ' || array_to_string(keywords, ' '))`);
    await runner.query('CREATE INDEX dataset_title ON dataset (title)');
    await runner.query('CREATE INDEX dataset_publisher ON dataset (publisher)');
    await runner.query('CREATE INDEX dataset_licence ON dataset (licence)');
    await runner.query('CREATE INDEX dataset_keywords ON dataset USING gin (keywords)');
    await runner.query('CREATE INDEX dataset_words ON dataset USING gin (dataset_words(title, description, keywords))');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['title', 'publisher', 'licence', 'keywords', 'words'])
      await runner.query(`DROP INDEX dataset_${index}`);
    await runner.query('DROP FUNCTION dataset_words');
  }
}
