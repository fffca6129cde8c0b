import { encodeQrSymbol } from '../qr/symbol.ts';

/**
 * Black on white. Both are set, also with `--color never` and NO_COLOR: they are the content of the image, and the
 * default colours of the terminal are unknown. Phones cannot read a QR code that is light on dark.
 */
const COLOURS = '\u001b[38;5;16;48;5;231m';
const RESET = '\u001b[0m';

/** Returns the lines of a QR code and its width in columns. Each character shows two modules, one above the other. */
export function renderQrCode(text: string): { lines: string[]; width: number } {
  const { size, isDark } = encodeQrSymbol(text);
  const lines: string[] = [];
  for (let row = 0; row < size; row += 2) {
    let line = '';
    for (let column = 0; column < size; column += 1) line += blockFor(isDark(row, column), isDark(row + 1, column));
    lines.push(`${COLOURS}${line}${RESET}`);
  }
  return { lines, width: size };
}

function blockFor(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
