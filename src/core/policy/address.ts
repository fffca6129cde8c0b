import { isIPv4, isIPv6 } from 'node:net';

/** An IPv4 address as four groups of 8 bits, an IPv6 address as eight groups of 16. */
type Address = number[];

/** The addresses that share the first `prefix` bits. */
interface Block {
  address: Address;
  prefix: number;
}

/**
 * One address, or undefined when it is none. An IPv4 address and its IPv4-mapped form (`::ffff:10.0.0.1`) are different
 * addresses; one with a zone (`fe80::1%eth0`) is none.
 */
export function readAddress(text: string): Address | undefined {
  if (isIPv4(text)) return text.split('.').map(Number);
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const [head = [], tail = []] = text
    .replace(/[^:]+\.[^:]+$/, lastGroups)
    .split('::')
    .map(groups);
  return [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
}

/** An address or a CIDR block, whose host bits may be set (`10.101.169.111/24`); undefined when it is neither. */
export function readBlock(text: string): Block | undefined {
  const [first = '', size, ...rest] = text.split('/');
  const address = readAddress(first);
  if (!address || rest.length > 0) return undefined;
  const longest = address.length * groupBits(address);
  if (size === undefined) return { address, prefix: longest };
  return /^(0|[1-9]\d{0,2})$/.test(size) && Number(size) <= longest ? { address, prefix: Number(size) } : undefined;
}

export function isWithin(address: Address, { address: base, prefix }: Block): boolean {
  const bits = groupBits(base);
  return (
    address.length === base.length &&
    base.every((group, index) => {
      const compared = Math.min(Math.max(prefix - index * bits, 0), bits);
      return (group ^ (address[index] ?? 0)) >> (bits - compared) === 0;
    })
  );
}

function groupBits(address: Address): number {
  return address.length === 4 ? 8 : 16;
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

/** The dotted end of an IPv6 address as its last two groups. */
function lastGroups(dotted: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
