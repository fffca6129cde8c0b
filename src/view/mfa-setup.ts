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
    Key: ({ Base32StringSeed }, { width }) => groupInFours(Base32StringSeed, width < 48 ? 4 : 8),
    Kind: () => 'time-based, 6 digits, 30 seconds',
  }),
);

/** Returns the key as lines of `perLine` groups of four characters. */
function groupInFours(key: string, perLine: number): string[] {
  const groups = key.match(/.{1,4}/g) ?? [];
  return groups.flatMap((_, index) => (index % perLine === 0 ? groups.slice(index, index + perLine).join(' ') : []));
}
