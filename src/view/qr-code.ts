import QRCode from 'qrcode-terminal/vendor/QRCode/index.js';
import QRErrorCorrectLevel from 'qrcode-terminal/vendor/QRCode/QRErrorCorrectLevel.js';

/** Light modules around the symbol, as ISO/IEC 18004 requires. Cameras need them. */
const QUIET_ZONE = 4;
/** Black on white. Both are set, because the terminal's default colours are unknown. */
const COLOURS = '\u001b[38;5;16;48;5;231m';
const RESET = '\u001b[0m';

/** Returns the lines of a QR code and its width in columns. Each character shows two modules, one above the other. */
export function renderQrCode(text: string): { lines: string[]; width: number } {
  const code = new QRCode(-1, QRErrorCorrectLevel.L);
  code.addData(text);
  code.make();
  const count = code.getModuleCount();
  const isDark = (row: number, column: number) =>
    row >= 0 && row < count && column >= 0 && column < count && code.isDark(row, column);
  const lines: string[] = [];
  for (let row = -QUIET_ZONE; row < count + QUIET_ZONE; row += 2) {
    let line = '';
    for (let column = -QUIET_ZONE; column < count + QUIET_ZONE; column += 1) {
      line += blockFor(isDark(row, column), isDark(row + 1, column));
    }
    lines.push(`${COLOURS}${line}${RESET}`);
  }
  return { lines, width: count + 2 * QUIET_ZONE };
}

function blockFor(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}
