import { foldCase } from '../core/state.ts';
import { integer, invalidParameterFailure, optional, type Parameters, text } from '../rpc/parameters.ts';

const DEFAULT_PAGE_SIZE = 100;

/**
 * Returns a function that selects the requested page of a list. `position` contains the members that the response has in
 * addition to the items. The marker is the last name of the previous page. So no element is skipped or repeated when the
 * list changes between two requests.
 * @throws Failure InvalidParameter.MaxItems, InvalidParameter.Marker
 */
export function parsePaging(parameters: Parameters, { sortedBy, maxItems }: { sortedBy: string; maxItems: number }) {
  const size = optional(integer)(parameters, 'MaxItems') ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > maxItems) throw invalidParameterFailure('MaxItems', `must be from 1 to ${maxItems}`);
  const marker = optional(text)(parameters, 'Marker');
  const previousName = marker ? decodeMarker(marker) : '';
  const nameOf = (element: object) => foldCase(String((element as Record<string, unknown>)[sortedBy]));
  return (list: object[]) => {
    const start = findStart(list.length, (index) => nameOf(list[index] ?? {}) > previousName);
    const items = list.slice(start, start + size);
    const last = items.at(-1);
    if (!last || list.length <= start + size) return { items, position: { IsTruncated: false } };
    return { items, position: { IsTruncated: true, Marker: Buffer.from(nameOf(last)).toString('base64url') } };
  };
}

/** Returns the first index for which `isAfter` is true. The list is sorted, so that a binary search finds it. */
function findStart(length: number, isAfter: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function decodeMarker(marker: string): string {
  const name = Buffer.from(marker, 'base64url').toString('utf8');
  if (Buffer.from(name).toString('base64url') === marker && /^[\w.-]+$/.test(name)) return name;
  throw invalidParameterFailure('Marker', 'is not a marker of an earlier response');
}
