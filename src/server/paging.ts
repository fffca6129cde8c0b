import { foldCase } from '../core/state.ts';
import type { Paging } from '../rpc/action.ts';
import { integer, invalidParameterFailure, optional, type Parameters, text } from '../rpc/parameters.ts';

const DEFAULT_PAGE_SIZE = 100;

/**
 * Returns a function that selects the requested page of a list. `position` contains the members that the response has in
 * addition to the items. The marker is the last name of the previous page. So no element is skipped or repeated when the
 * list changes between two requests.
 * @throws Failure InvalidParameter.MaxItems, InvalidParameter.<marker>
 */
export function parsePaging(parameters: Parameters, paging: Paging) {
  const { sortedBy, maxItems, defaultItems = DEFAULT_PAGE_SIZE, marker: markerName = 'Marker' } = paging;
  const { isTruncatedAsText } = paging;
  const size = optional(integer)(parameters, 'MaxItems') ?? defaultItems;
  if (size < 1 || size > maxItems) throw invalidParameterFailure('MaxItems', `must be from 1 to ${maxItems}`);
  const marker = optional(text)(parameters, markerName);
  const previousName = marker ? decodeMarker(marker, markerName) : '';
  const nameOf = (element: object) => foldCase(String((element as Record<string, unknown>)[sortedBy]));
  return (list: object[]) => {
    const rest = list.filter((element) => nameOf(element) > previousName);
    const items = rest.slice(0, size);
    const last = items.at(-1);
    const isTruncated = last !== undefined && rest.length > size;
    const IsTruncated = isTruncatedAsText ? String(isTruncated) : isTruncated;
    if (!isTruncated) return { items, position: { IsTruncated } };
    return { items, position: { IsTruncated, [markerName]: Buffer.from(nameOf(last)).toString('base64url') } };
  };
}

function decodeMarker(marker: string, markerName: string): string {
  const name = Buffer.from(marker, 'base64url').toString('utf8');
  if (Buffer.from(name).toString('base64url') === marker && /^[\w.:/-]+$/.test(name)) return name;
  throw invalidParameterFailure(markerName, 'is not a marker of an earlier response');
}
