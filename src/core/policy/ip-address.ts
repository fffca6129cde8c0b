import { isIPv4, isIPv6 } from 'node:net';

/** Groups of 16 bits: two for IPv4, eight for IPv6. */
type IpAddress = number[];

/** The addresses that have the same first `prefixBits` bits as `address`. */
type CidrBlock = { address: IpAddress; prefixBits: number };

const GROUP_BITS = 16;

/**
 * Parses one address; undefined for other texts and for an address with a zone (`fe80::1%eth0`). An IPv4 address and
 * its IPv4-mapped form (`::ffff:10.0.0.1`) are different addresses.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return parseIPv4(text);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const toHex = (group: number) => group.toString(16);
  const [head = [], tail = []] = text
    .replace(/[^:]+\.[^:]+$/, (dottedEnding) => parseIPv4(dottedEnding).map(toHex).join(':'))
    .split('::')
    .map(parseHexGroups);
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** Parses an address or a CIDR block, whose host bits may be set (`10.101.169.111/24`). */
export function parseCidrBlock(text: string): CidrBlock | undefined {
  const [, base = '', size] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = parseIpAddress(base);
  if (!address) return undefined;
  const maxBits = address.length * GROUP_BITS;
  const prefixBits = Number(size ?? maxBits);
  return prefixBits <= maxBits ? { address, prefixBits } : undefined;
}

export function isInBlock(address: IpAddress, { address: base, prefixBits }: CidrBlock): boolean {
  return (
    address.length === base.length &&
    base.every((group, index) => {
      const comparedBits = Math.min(Math.max(prefixBits - index * GROUP_BITS, 0), GROUP_BITS);
      return (group ^ (address[index] ?? 0)) >> (GROUP_BITS - comparedBits) === 0;
    })
  );
}

function parseIPv4(text: string): IpAddress {
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}

function parseHexGroups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}
