import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseIpAddress } from '../../../src/core/policy/ip-address.ts';

const ipV4Like = fc.array(fc.oneof(fc.nat({ max: 300 }).map(String), fc.constantFrom('', '00', '01', '1e1', ' 1')), {
  minLength: 3,
  maxLength: 5,
});
const ipV6Like = fc.array(fc.constantFrom(':', '::', '0', '1', 'aF', '12345', 'g', '.', '1.2.3.4', '%eth0'), {
  maxLength: 16,
});
const texts = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  ipV4Like.map((parts) => parts.join('.')),
  ipV6Like.map((parts) => parts.join('')),
);

it.each(['::', '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:8::', '1:2:3:4:5:6:1.2.3.4', '::1.2.3.4:5', ':1', '1.2.3.4::'])(
  '%s is parsed as Node parses it',
  (text) => expect(parseIpAddress(text) !== undefined).toBe(isIPv6(text)),
);

it('the texts that are addresses, and their values, are those of Node', () => {
  const hostname = (address: string) => new URL(`http://[${address}]`).hostname;
  fc.assert(
    fc.property(texts, (text) => {
      const groups = parseIpAddress(text);
      if (isIPv4(text)) {
        expect(groups?.flatMap((group) => [group >> 8, group & 255]).join('.')).toBe(text);
      } else if (isIPv6(text) && !text.includes('%')) {
        expect(groups).toHaveLength(8);
        expect(hostname(String(groups?.map((group) => group.toString(16)).join(':')))).toBe(hostname(text));
      } else {
        expect(groups).toBeUndefined();
      }
    }),
    { numRuns: 5000 },
  );
});
