import { isIPv4, isIPv6 } from 'node:net';

/** An IPv4 address as four groups of 8 bits, an IPv6 address as eight groups of 16. */
type IpAddress = number[];

/** The addresses that share the first `prefix` bits. */
interface CidrBlock {
  address: IpAddress;
  prefixBits: number;
}

/**
 * One address, or undefined when it is none. An IPv4 address and its IPv4-mapped form (`::ffff:10.0.0.1`) are different
 * addresses; one with a zone (`fe80::1%eth0`) is none.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return text.split('.').map(Number);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const [head = [], tail = []] = text
    .replace(/[^:]+\.[^:]+$/, convertDottedEnding)
    .split('::')
    .map(parseGroups);
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** An address or a CIDR block, whose host bits may be set (`10.101.169.111/24`); undefined when it is neither. */
export function parseCidrBlock(text: string): CidrBlock | undefined {
  const [first = '', size, ...rest] = text.split('/');
  const address = parseIpAddress(first);
  if (!address || rest.length > 0) return undefined;
  const longest = address.length * bitsPerGroup(address);
  if (size === undefined) return { address, prefixBits: longest };
  return /^(0|[1-9]\d{0,2})$/.test(size) && Number(size) <= longest ? { address, prefixBits: Number(size) } : undefined;
}

export function isInBlock(address: IpAddress, { address: base, prefixBits }: CidrBlock): boolean {
  const bits = bitsPerGroup(base);
  return (
    address.length === base.length &&
    base.every((group, index) => {
      const compared = Math.min(Math.max(prefixBits - index * bits, 0), bits);
      return (group ^ (address[index] ?? 0)) >> (bits - compared) === 0;
    })
  );
}

function bitsPerGroup(address: IpAddress): number {
  return address.length === 4 ? 8 : 16;
}

function parseGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** The dotted end of an IPv6 address as its last two groups. */
function convertDottedEnding(dotted: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
