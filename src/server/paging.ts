import { foldCase } from '../core/state.ts';
import type { Paging } from '../rpc/action.ts';
import { integer, invalidParameterFailure, optional, type Parameters, text } from '../rpc/parameters.ts';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;

/**
 * Returns a function that selects the requested page of a list. `position` contains the members that the response has in
 * addition to the items. The marker is the key of the last item on the previous page: the values of the members that the
 * list is sorted by. So no element is skipped or repeated when the list changes between two requests.
 * @throws Failure InvalidParameter.<size>, InvalidParameter.<marker>
 */
export function parsePaging(parameters: Parameters, paging: Paging) {
  const {
    maxItems = MAX_PAGE_SIZE,
    defaultItems = DEFAULT_PAGE_SIZE,
    size: sizeName = 'MaxItems',
    marker: markerName = 'Marker',
  } = paging;
  const size = optional(integer)(parameters, sizeName) ?? defaultItems;
  if (size < 1 || size > maxItems) throw invalidParameterFailure(sizeName, `must be from 1 to ${maxItems}`);
  const marker = optional(text)(parameters, markerName);
  const previousKey = marker ? decodeMarker(marker, markerName) : '';
  const [first = '', ...others] = [paging.sortedBy].flat();
  const keyOf = (element: object) => {
    const members = element as Record<string, unknown>;
    // A line feed is less than every character of the values.
    return [foldCase(String(members[first])), ...others.map((name) => members[name])].join('\n');
  };
  return (list: object[]) => {
    const start = findStart(list.length, (index) => keyOf(list[index] ?? {}) > previousKey);
    const items = list.slice(start, start + size);
    const last = items.at(-1);
    const isTruncated = last !== undefined && list.length > start + size;
    const IsTruncated = paging.isTruncated === 'asText' ? String(isTruncated) : isTruncated;
    const position = {
      ...(paging.isTruncated !== 'absent' && { IsTruncated }),
      ...(isTruncated && { [markerName]: Buffer.from(keyOf(last)).toString('base64url') }),
    };
    return { items, position };
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

function decodeMarker(marker: string, markerName: string): string {
  const key = Buffer.from(marker, 'base64url').toString('utf8');
  if (Buffer.from(key).toString('base64url') === marker && /^[\w.:/-]+(\n.+)?$/s.test(key)) return key;
  throw invalidParameterFailure(markerName, 'is not a marker of an earlier response');
}
