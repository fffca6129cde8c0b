import type { MfaSetup } from '../core/workflows/mfa.ts';
import type { View } from './format.ts';
import { renderFields } from './layout.ts';
import { renderQrCode } from './qr-code.ts';
import { isTerminal } from './style.ts';

/** What a person needs to add a device to an authenticator app: a picture if the terminal is wide enough, text always. */
export const mfaSetupView: View<MfaSetup> = (enrolment, style) => {
  const { lines, width } = renderQrCode(enrolment.OtpAuthUri);
  const text = renderFields(
    [
      ['Account', enrolment.Account],
      ['Issuer', enrolment.Issuer],
      ['Key', groupInFours(enrolment.Base32StringSeed, style.width)],
      ['Kind', 'time-based, 6 digits, 30 seconds'],
    ],
    style,
  );
  const picture = isTerminal(style) && width <= style.width ? [...lines, ''] : [];
  return [...picture, text].join('\n');
};

/** In groups of four, as many a line as the terminal has room for. */
function groupInFours(seed: string, width: number): string {
  const groups = seed.match(/.{1,4}/g) ?? [];
  const perLine = Math.max(1, Math.min(8, Math.floor((width - 9) / 5)));
  const lines: string[] = [];
  for (let start = 0; start < groups.length; start += perLine) {
    lines.push(groups.slice(start, start + perLine).join(' '));
  }
  return lines.join('\n');
}
