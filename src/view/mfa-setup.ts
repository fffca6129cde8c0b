import type { MfaSetup } from '../core/workflows/mfa.ts';
import { renderQrCode } from './qr-code.ts';
import { fieldsView, sectionsView } from './record-views.ts';
import { isTerminal } from './style.ts';

/** What a person needs to add a device to an authenticator app. The QR code is left out if the terminal is too narrow. */
export const mfaSetupView = sectionsView<MfaSetup>(
  ({ OtpAuthUri }, style) => {
    const { lines, width } = renderQrCode(OtpAuthUri);
    return isTerminal(style) && width <= style.width ? lines.join('\n') : '';
  },
  fieldsView({
    Account: 'Account',
    Issuer: 'Issuer',
    Key: ({ Base32StringSeed }) => groupInFours(Base32StringSeed),
    Kind: () => 'time-based, 6 digits, 30 seconds',
  }),
);

/** Returns the key in groups of four characters, eight groups a line; the view wraps lines that are too long. */
function groupInFours(seed: string): string[] {
  return (seed.match(/.{1,32}/g) ?? []).map((line) => line.replace(/.{4}\B/g, '$& '));
}
