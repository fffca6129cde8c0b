import { execFileSync } from 'node:child_process';
import { isSupported } from './process.ts';

/** TOTP (RFC 6238) in Python, so that tests compare ramctl with an independent implementation. */
const TOTP = `
import base64, hmac, struct, sys
seed, seconds = base64.b32decode(sys.argv[1]), int(sys.argv[2])
digest = hmac.new(seed, struct.pack('>Q', seconds // 30), 'sha1').digest()
start = digest[-1] & 15
print('%06d' % ((struct.unpack('>I', digest[start:start + 4])[0] & 0x7fffffff) % 1000000))
`;

export const HAS_AUTHENTICATOR = isSupported('compute codes with python3', 'python3', '-c', 'import hmac');

/** The code that an authenticator app shows at the given time. */
export function authenticatorCode(seed: string, time: Date): string {
  const seconds = Math.floor(time.getTime() / 1000);
  return execFileSync('python3', ['-c', TOTP, seed, String(seconds)], { encoding: 'utf8' }).trim();
}
