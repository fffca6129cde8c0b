import { COLUMN_GAP, columnWidths, textWidth } from './plain-table.ts';

/** A narrower cell says too little. It has room for a name of three Chinese characters. */
const MIN_CUT_WIDTH = 8;
const ELLIPSIS = '…';

/**
 * Returns table rows with free text cut so that the table is at most `width` columns wide, the widest column first.
 * Returns the rows unchanged if the table fits, or if cutting free text is not enough.
 */
export function cutFreeText(rows: string[][], isFreeText: boolean[], width: number): string[][] {
  const widths = columnWidths(rows);
  let excess = widths.reduce((sum, columnWidth) => sum + columnWidth, COLUMN_GAP.length * (widths.length - 1)) - width;
  if (!(excess > 0)) return rows;
  const limits = widths.map((columnWidth, column) => (isFreeText[column] ? columnWidth : 0));
  for (; excess > 0; excess -= 1) {
    const widest = Math.max(...limits);
    if (widest <= MIN_CUT_WIDTH) return rows;
    limits[limits.indexOf(widest)] = widest - 1;
  }
  return rows.map((row) => row.map((text, column) => (isFreeText[column] ? cutText(text, limits[column] ?? 0) : text)));
}

/** Returns the start of a text with an ellipsis, at most `width` columns wide. Characters that are drawn as one stay whole. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let start = '';
  let available = width - textWidth(ELLIPSIS);
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    available -= textWidth(segment);
    if (available < 0) break;
    start += segment;
  }
  return start.trimEnd() + ELLIPSIS;
}
