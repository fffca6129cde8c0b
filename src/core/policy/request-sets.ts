import { ACTIONS, countSteps, EVERY_ACTION, type PatternSets, RESOURCES, removeContained } from './pattern-sets.ts';

/*
 * Sets of requests. A request has an action, a resource and a context.
 *
 * 1. A block is a product: one of the actions, one of the resources, and all conditions hold.
 * 2. A region is a block of one action and one resource, without some blocks.
 * 3. Conditions are compared as texts: two different conditions are independent of each other.
 * 4. The results are exact for every request. Since the text of a pattern is its most general instance, a region is empty
 *    only if one of its exceptions contains it. Such regions are left out.
 */

/** Patterns of actions and resources, and the texts of conditions. */
export interface Block {
  actions: string[];
  resources: string[];
  conditions: string[];
  /** Whether the document that the block comes from is approximate. */
  isApproximate: boolean;
}

/** The requests of a statement: with the actions of the block or, for NotAction, with all others. */
export interface StatementRequests {
  block: Block;
  isNotAction: boolean;
}

export interface Region {
  action: string;
  resource: string;
  conditions: string[];
  except: Block[];
  isApproximate: boolean;
}

/** Above this number, regions that others contain are kept: finding them takes time that grows with the square. */
const MAX_REDUCED = 1000;
/** To make and show a region takes about as long as this number of steps. */
const STEPS_PER_REGION = 10;

export function toRegions({ block, isNotAction }: StatementRequests): Region[] {
  const { actions, resources, conditions, isApproximate } = block;
  const excluded = isNotAction ? [{ ...block, resources: ['*'], conditions: [] }] : [];
  return (isNotAction ? [EVERY_ACTION] : actions).flatMap((action) =>
    resources.flatMap((resource) =>
      removeBlocks({ action, resource, conditions, except: [], isApproximate }, excluded),
    ),
  );
}

/** Returns the requests of the region that none of the statements has. */
export function subtractAll(region: Region, statements: StatementRequests[]): Region[] {
  let rest = [region];
  for (const statement of statements) {
    rest = rest.flatMap((part) => subtract(part, statement));
    if (rest.length > 1) rest = reduce(rest);
  }
  return rest;
}

/** Returns the requests that both regions have. */
export function intersect(left: Region, right: Region): Region[] {
  return narrow(left, right).flatMap((region) => removeBlocks(region, right.except));
}

/** Leaves out the regions that others contain. */
export function reduce<T extends Region>(regions: T[]): T[] {
  return regions.length > MAX_REDUCED ? regions : removeContained(regions, containsRegion);
}

function subtract(region: Region, { block, isNotAction }: StatementRequests): Region[] {
  if (!isNotAction) return removeBlocks(region, [block]);
  // The statement does not have a request whose resource or context differs, and none with one of the named actions.
  const others = removeBlocks(region, [{ ...block, actions: [EVERY_ACTION] }]);
  const named = block.actions.flatMap((action) =>
    narrow(region, { action, resource: '*', conditions: [], isApproximate: block.isApproximate }),
  );
  return [...others, ...named];
}

function narrow(region: Region, { action, resource, ...other }: Omit<Region, 'except'>): Region[] {
  const conditions = [...new Set([...region.conditions, ...other.conditions])];
  const isApproximate = region.isApproximate || other.isApproximate;
  const resources = RESOURCES.intersect(region.resource, resource);
  return ACTIONS.intersect(region.action, action).flatMap((narrowAction) =>
    resources.flatMap((narrowResource) =>
      removeBlocks(
        { action: narrowAction, resource: narrowResource, conditions, except: [], isApproximate },
        region.except,
      ),
    ),
  );
}

/** Returns the region without the blocks; no region if nothing remains. */
function removeBlocks(region: Region, blocks: Block[]): Region[] {
  countSteps(STEPS_PER_REGION);
  const except = [...region.except];
  for (const block of blocks) {
    const part = restrict(block, region);
    if (part.actions.length === 0 || part.resources.length === 0) continue;
    if (part.actions[0] === EVERY_ACTION && part.resources[0] === '*' && part.conditions.length === 0) return [];
    except.push(part);
  }
  return [{ ...region, except: removeContained(except, containsBlock) }];
}

/** Leaves out what does not matter inside the region. */
function restrict({ actions, resources, conditions, isApproximate }: Block, region: Region): Block {
  const overlappingActions = restrictPatterns(ACTIONS, actions, region.action, EVERY_ACTION);
  return {
    actions: overlappingActions,
    resources: overlappingActions.length > 0 ? restrictPatterns(RESOURCES, resources, region.resource, '*') : [],
    conditions: conditions.filter((condition) => !region.conditions.includes(condition)),
    isApproximate,
  };
}

function restrictPatterns(sets: PatternSets, patterns: string[], within: string, every: string): string[] {
  if (patterns.some((pattern) => sets.contains(pattern, within))) return [every];
  return patterns.filter((pattern) => sets.intersect(pattern, within).length > 0);
}

function containsBlock(outer: Block, inner: Block): boolean {
  return (
    inner.actions.every((action) => outer.actions.some((pattern) => ACTIONS.contains(pattern, action))) &&
    inner.resources.every((resource) => outer.resources.some((pattern) => RESOURCES.contains(pattern, resource))) &&
    outer.conditions.every((condition) => inner.conditions.includes(condition))
  );
}

/** Whether `outer` has every request of `inner`. */
function containsRegion(outer: Region, inner: Region): boolean {
  return (
    ACTIONS.contains(outer.action, inner.action) &&
    RESOURCES.contains(outer.resource, inner.resource) &&
    outer.conditions.every((condition) => inner.conditions.includes(condition)) &&
    outer.except.every((block) => {
      const part = restrict(block, inner);
      const isOutside = part.actions.length === 0 || part.resources.length === 0;
      return isOutside || inner.except.some((exception) => containsBlock(exception, part));
    })
  );
}
