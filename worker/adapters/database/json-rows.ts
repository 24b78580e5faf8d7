import { sql, type SQL } from 'drizzle-orm';

/**
 * Many values as one parameter, to be taken apart by `jsonb_to_recordset`. What PostgreSQL's text
 * cannot hold is left out (NUL) or replaced (lone surrogates).
 */
export function jsonRows(rows: readonly unknown[]): SQL {
  const text = JSON.stringify(rows).replaceAll(/\\\\|\\u0000|\\ud[89a-f][0-9a-f]{2}/g, (escape) =>
    escape === '\\\\' ? escape : escape === '\\u0000' ? '' : '\ufffd',
  );
  return sql`${text}::jsonb`;
}

/**
 * A list of texts for `= any`, whatever its length. As an array they are looked up in an index one by one;
 * of a subquery the planner believes that it holds a hundred, and reads small tables from end to end.
 */
export function textArray(texts: Iterable<string>): SQL {
  return sql`(array(select jsonb_array_elements_text(${jsonRows([...texts])})))`;
}
