/** A row as its delimiters and quotes show it, before any cell is made of it. */
export interface CountedRow {
  /** The line it begins on, counted from 1. */
  readonly line: number;
  readonly cells: number;
  /** Whether there is nothing between its line breaks. */
  readonly empty: boolean;
  /** Whether a quote is open in it: it has not ended, even where the text has. */
  readonly open: boolean;
}

/** Counts the cells of rows whose text comes in pieces, in constant memory. */
export interface CellCounter {
  readonly write: (text: string) => void;
  /** The row that the text has come to, as far as it has come. */
  readonly row: () => CountedRow;
}

const [quote, lineFeed, carriageReturn] = [0x22, 0x0a, 0x0d];

/**
 * Counts cells as the CSV parser makes them: a quote opens at the beginning of a cell, two quotes within are
 * one, and a quote inside an unquoted cell is a sign.
 *
 * @param onRow is called with each row that has ended.
 */
export function createCellCounter(delimiter: string, onRow: (row: CountedRow) => void): CellCounter {
  const separator = delimiter.charCodeAt(0);
  let [line, begin, cells, empty] = [1, 1, 1, true];
  let state: 'start' | 'plain' | 'quoted' | 'quote-in-quoted' = 'start';
  let previous = 0;

  return {
    write: (text) => {
      for (let at = 0; at < text.length; at += 1) {
        const code = text.charCodeAt(at);
        const second = code === lineFeed && previous === carriageReturn;
        const breaks = code === lineFeed || code === carriageReturn;
        previous = code;
        if (breaks && !second) line += 1;
        if (state === 'quoted') {
          if (code === quote) state = 'quote-in-quoted';
        } else if (breaks) {
          if (second) begin = line;
          else {
            onRow({ line: begin, cells, empty, open: false });
            [begin, cells, empty, state] = [line, 1, true, 'start'];
          }
        } else if (code === separator) {
          cells += 1;
          [empty, state] = [false, 'start'];
        } else {
          state = code === quote && state !== 'plain' ? 'quoted' : 'plain';
          empty = false;
        }
      }
    },
    row: () => ({ line: begin, cells, empty, open: state === 'quoted' }),
  };
}
