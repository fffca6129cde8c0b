import { isIPv4, isIPv6 } from 'node:net';

/** Four groups of 8 bits for IPv4, eight groups of 16 bits for IPv6. */
type IpAddress = number[];

/** The addresses that have the same first `prefixBits` bits as `address`. */
interface CidrBlock {
  address: IpAddress;
  prefixBits: number;
}

/**
 * Parses one address; undefined for other texts and for an address with a zone (`fe80::1%eth0`). An IPv4 address and
 * its IPv4-mapped form (`::ffff:10.0.0.1`) are different addresses.
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

/** Parses an address or a CIDR block, whose host bits may be set (`10.101.169.111/24`). */
export function parseCidrBlock(text: string): CidrBlock | undefined {
  const [, base = '', size] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = parseIpAddress(base);
  if (!address) return undefined;
  const maxBits = address.length * bitsPerGroup(address);
  const prefixBits = Number(size ?? maxBits);
  return prefixBits <= maxBits ? { address, prefixBits } : undefined;
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

/** Converts a dotted ending (`192.0.2.1`) to the last two groups of an IPv6 address. */
function convertDottedEnding(dotted: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
