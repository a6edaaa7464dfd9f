import type { FilterCondition } from '@hansa/dsp';
import { unprepared } from '@hansa/platform';

/** A statement that gives the ids of datasets on offer, and its parameters. */
export interface OfferedQuery {
  readonly text: string;
  readonly parameters: readonly unknown[];
}

/**
 * Finds a page of the datasets on offer, in the order of their ids. What does not match costs nothing: without a filter
 * the index of open offers is read from where the page begins; with one, every index that it names is asked first, and
 * never the table from the beginning in the hope of matches.
 */
export function offeredQuery(
  conditions: readonly FilterCondition[],
  after: string | undefined,
  limit: number,
): OfferedQuery {
  const parameters: unknown[] = [after ?? '', limit];
  if (conditions.length === 0)
    return {
      text: `SELECT DISTINCT dataset_id AS id FROM offer WHERE withdrawn_at IS NULL AND dataset_id > $1
             ORDER BY dataset_id LIMIT $2`,
      parameters,
    };
  const predicates = conditions.map((condition) => {
    parameters.push(argumentOf(condition));
    return predicate(condition, `$${parameters.length}`);
  });
  return {
    // Whoever asks makes this text up, by what it asks for.
    text: unprepared(`WITH hit AS MATERIALIZED (SELECT id FROM dataset WHERE ${predicates.join(' AND ')})
           SELECT id FROM hit WHERE id > $1
             AND EXISTS (SELECT 1 FROM offer WHERE dataset_id = hit.id AND withdrawn_at IS NULL)
           ORDER BY id LIMIT $2`),
    parameters,
  };
}

function predicate({ operand }: FilterCondition, parameter: string): string {
  switch (operand) {
    case 'id':
    case 'title':
    case 'publisher':
      return `${operand} = ANY(${parameter}::text[])`;
    case 'license':
      return `licence = ANY(${parameter}::text[])`;
    case 'keyword':
      return `keywords && ${parameter}::text[]`;
    case 'text':
      return `dataset_words(title, description, keywords) @@ to_tsquery('simple', ${parameter})`;
  }
}

function argumentOf({ operand, anyOf }: FilterCondition): unknown {
  return operand === 'text' ? anyOf.map(allWords).join(' | ') : anyOf;
}

/** Every word as the beginning of a word. Quoted, so that nothing in it is an operator; of no words comes one that nothing has. */
function allWords(text: string): string {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? ['\u0001'];
  return `(${words.map((word) => `'${word}':*`).join(' & ')})`;
}
