import type { MfaKey } from '../core/workflows/mfa.ts';
import { renderFields, wrapText } from './layout.ts';
import { textWidth } from './plain-table.ts';
import { renderQrCode } from './qr-code.ts';
import { isTerminal, type Style } from './style.ts';

/**
 * `qr` is where the QR code is: in the terminal, nowhere, or in the PNG file with this path. `largerQrHint` is what to do
 * if the terminal is too small.
 */
export type MfaSetup = MfaKey & { qr: 'terminal' | 'none' | { path: string }; largerQrHint?: string };

/** The text next to the QR code is hard to read if it is wider. */
const MAX_WIDTH = 80;
/** Columns between the QR code and the text next to it. */
const GAP = 3;
/** The question below the QR code needs one row. */
const QUESTION_ROWS = 1;

/**
 * Shows what a person needs to add a device to an authenticator app: the QR code and, next to it or above it, the key
 * as text. A QR code that is larger than the terminal is left out, because a phone cannot scan a part of it.
 */
export function mfaSetupView(setup: MfaSetup, fullStyle: Style): string {
  const style = isTerminal(fullStyle) ? { ...fullStyle, width: Math.min(fullStyle.width, MAX_WIDTH) } : fullStyle;
  const { qr, largerQrHint = '' } = setup;
  if (qr === 'none') return renderText(setup, `Enter the key in ${APP}`, style);
  if (qr !== 'terminal') return renderText(setup, `Scan ${qr.path} with ${APP}, or enter the key`, style);
  if (!isTerminal(style)) return renderText(setup, `Enter the key in ${APP}`, style);
  const code = renderQrCode(setup.OtpAuthUri);
  const rows = code.lines.length + QUESTION_ROWS;
  if (code.width > style.width || rows > style.height) {
    const size = `The QR code needs a terminal of ${code.width} columns and ${rows} rows. ${largerQrHint}`.trimEnd();
    return `${renderText(setup, `Enter the key in ${APP}`, style)}\n\n${wrapText(size, style.width).join('\n')}`;
  }
  const task = `Scan the QR code with ${APP}, or enter the key`;
  const width = style.width - code.width - GAP;
  const text = renderText(setup, task, { ...style, width }).split('\n');
  const fitsNextToCode = text.length < code.lines.length && text.every((line) => textWidth(line) <= width);
  if (!fitsNextToCode) return `${renderText(setup, task, style)}\n\n${code.lines.join('\n')}`;
  // The text starts next to the first dark modules.
  const textLines = ['', '', ...text];
  return code.lines.map((line, row) => `${line}${' '.repeat(GAP)}${textLines[row] ?? ''}`.trimEnd()).join('\n');
}

const APP = 'an authenticator app';

function renderText({ Account, Issuer, Base32StringSeed }: MfaSetup, task: string, style: Style): string {
  const steps = `${task}. Then type the code that the app shows, and the code after it.`;
  const fields = renderFields(
    [
      ['Account', Account],
      ['Issuer', Issuer],
      ['Key', groupInFours(Base32StringSeed, style.width < 48 ? 4 : 8)],
      ['Kind', 'time-based, 6 digits, 30 seconds'],
    ],
    style,
  );
  return `${wrapText(steps, style.width).join('\n')}\n\n${fields}`;
}

/** Returns the key as lines of `perLine` groups of four characters. */
function groupInFours(key: string, perLine: number): string[] {
  const groups = key.match(/.{1,4}/g) ?? [];
  return groups.flatMap((_, index) => (index % perLine === 0 ? groups.slice(index, index + perLine).join(' ') : []));
}
