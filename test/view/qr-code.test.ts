import { describe, expect, it } from 'vitest';
import { renderQrPng } from '../../src/qr/png.ts';
import { renderQrCode } from '../../src/view/qr-code.ts';
import { decodePng, decodeScreen, SCHEMES } from '../support/qr-reader.ts';
import { Screen } from '../support/screen.ts';

const TEXTS = ['otpauth://totp/x?secret=A', `otpauth://totp/${'x'.repeat(60)}`, `otpauth://totp/${'x'.repeat(250)}`];

describe.each(TEXTS)('the QR code of %s', (text) => {
  const { lines, width } = renderQrCode(text);

  it('fits 80 columns, and every line has the returned width', () => {
    expect(width).toBeLessThanOrEqual(80);
    expect(lines).toHaveLength(Math.ceil(width / 2));
    for (const line of lines)
      expect(line).toMatch(new RegExp(`^\u001b\\[38;5;16;48;5;231m[ █▀▄]{${width}}\u001b\\[0m$`));
  });

  it.each(SCHEMES)('is read by a QR reader on a terminal with a %s background', (_, scheme) => {
    const screen = new Screen({ columns: 80, rows: 60 });
    screen.write(lines.join('\r\n'));
    expect(decodeScreen(screen, scheme)).toBe(text);
  });

  it('has a border of four light modules', () => {
    const blank = ' '.repeat(width);
    const rows = lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, ''));
    expect([...rows.slice(0, 2), ...rows.slice(-2)]).toEqual([blank, blank, blank, blank]);
    for (const row of rows.slice(2, -2)) expect(row).toMatch(/^ {4}.* {4}$/);
    expect(rows.at(2)).toMatch(/^ {4}[█▀]{7}/);
  });

  it('is read by a QR reader as a PNG image', () => {
    expect(decodePng(renderQrPng(text))).toBe(text);
  });
});
