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
    const rest = list.filter((element) => nameOf(element) > previousName);
    const items = rest.slice(0, size);
    const last = items.at(-1);
    if (!last || rest.length <= size) return { items, position: { IsTruncated: false } };
    return { items, position: { IsTruncated: true, Marker: Buffer.from(nameOf(last)).toString('base64url') } };
  };
}

function decodeMarker(marker: string): string {
  const name = Buffer.from(marker, 'base64url').toString('utf8');
  if (Buffer.from(name).toString('base64url') === marker && /^[\w.-]+$/.test(name)) return name;
  throw invalidParameterFailure('Marker', 'is not a marker of an earlier response');
}
