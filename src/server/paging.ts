import { foldCase } from '../core/state.ts';
import type { Paging } from '../rpc/action.ts';
import { integer, invalidParameterFailure, optional, type Parameters, text } from '../rpc/parameters.ts';

const DEFAULT_PAGE_SIZE = 100;
const NAMES = { size: 'MaxItems', marker: 'Marker' };
const NEXT_TOKEN_NAMES = { size: 'PageSize', marker: 'NextToken' };

/**
 * Returns a function that selects the requested page of a list. `position` contains the members that the response has in
 * addition to the items. The marker is the key of the last item on the previous page: the values of the members that the
 * list is sorted by. So no element is skipped or repeated when the list changes between two requests.
 * @throws Failure InvalidParameter.*
 */
export function parsePaging(parameters: Parameters, { sortedBy, maxItems, hasNextToken = false }: Paging) {
  const names = hasNextToken ? NEXT_TOKEN_NAMES : NAMES;
  const size = optional(integer)(parameters, names.size) ?? DEFAULT_PAGE_SIZE;
  if (size < 1 || size > maxItems) throw invalidParameterFailure(names.size, `must be from 1 to ${maxItems}`);
  const marker = optional(text)(parameters, names.marker);
  const previousKey = marker ? decodeMarker(marker, names.marker) : '';
  const [first = '', ...others] = [sortedBy].flat();
  const keyOf = (element: object) => {
    const members = element as Record<string, unknown>;
    // A line feed is less than every character of the values.
    return [foldCase(String(members[first])), ...others.map((name) => members[name])].join('\n');
  };
  return (list: object[]) => {
    const rest = list.filter((element) => keyOf(element) > previousKey);
    const items = rest.slice(0, size);
    const last = items.at(-1);
    const isTruncated = last !== undefined && rest.length > size;
    return {
      items,
      position: {
        ...(!hasNextToken && { IsTruncated: isTruncated }),
        ...(isTruncated && { [names.marker]: Buffer.from(keyOf(last)).toString('base64url') }),
      },
    };
  };
}

function decodeMarker(marker: string, parameter: string): string {
  const key = Buffer.from(marker, 'base64url').toString('utf8');
  if (Buffer.from(key).toString('base64url') === marker && /^[\w.-]+(\n.+)?$/s.test(key)) return key;
  throw invalidParameterFailure(parameter, 'is not a marker of an earlier response');
}
