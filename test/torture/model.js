// What a lane of the torture does to a directory, and what each command means. A state is what is the lane's own:
// { users: { name: { comments, keys: { id: status }, groups, policies, logon } }, policies: { name: latest version } }.
import { chance, oneOf } from './support.js';

export const NOTHING = { users: {}, policies: {} };
/** What all lanes share, with the command that makes it. */
export const SHARED = ['group create day', 'group create night', 'policy create shared --document -'];
export const DOCUMENT = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:Get*","Resource":"*"}]}';
const SYSTEM_POLICY = 'AliyunOSSReadOnlyAccess';

/**
 * A command of a lane: its words, what it is piped, and `apply`, which gives the exit code and the state after it from
 * the state before it and, when it is known, its result. `writes` says what of the things shared is set to `token`.
 */
export function randomOperation(lane, token, state) {
  const name = `${lane}-user${oneOf([1, 2, 3])}`;
  const other = `${lane}-user${oneOf([1, 2, 3])}`;
  const id = oneOf(Object.keys(state.users[name]?.keys ?? {}).filter(isKnown)) ?? 'LTAInobody';
  const own = `${lane}-policy${oneOf([1, 2])}`;
  const [group, policy] = [oneOf(['day', 'night']), oneOf([SYSTEM_POLICY, own])];
  const operation = oneOf(OPERATIONS)({ name, other, id, own, group, policy, token });
  // Refusals are tried as well, but now and then only.
  return operation.apply(state)[0] === 0 || chance(6) === 0 ? operation : randomOperation(lane, token, state);
}

const OPERATIONS = [
  // Made and changed more often than removed, so that there is something to lose.
  ...[createUser, createUser, describeUser, renameUser, deleteUser],
  ...[createKey, createKey, switchKey, switchKey, deleteKey],
  ...[join, join, leave, attach, attach, detach],
  ...[createPolicy, createPolicy, editPolicy, editPolicy, deletePolicy],
  ...[setAlias, describeGroup, editShared, editShared, readAll],
  // Hashing is slow.
  ({ token, ...rest }) => (token.endsWith('0') ? setPassword(rest) : describeUser({ token, ...rest })),
];

function createUser({ name, token }) {
  const words = ['user', 'create', name, '--comments', token, '--access-key', '--policy', SYSTEM_POLICY];
  const rest = { groups: [], policies: [SYSTEM_POLICY], logon: false };
  return command(words, (state, result) => {
    if (name in state.users) return [1, state];
    const keys = { [result?.AccessKey.AccessKeyId ?? `?${token}`]: 'Active' };
    return [0, withUser(state, name, { comments: token, keys, ...rest })];
  });
}

function describeUser({ name, token }) {
  return onUser(['user', 'edit', name, '--comments', token], name, (user) => ({ ...user, comments: token }));
}

function renameUser({ name, other }) {
  return command(['user', 'edit', name, '--name', other], (state) => {
    const { [name]: user, ...users } = state.users;
    if (!user) return [3, state];
    return other in users ? [1, state] : [0, { ...state, users: { ...users, [other]: user } }];
  });
}

function deleteUser({ name }) {
  return command(['user', 'delete', name, '--cascade', '--yes'], (state) => {
    const { [name]: user, ...users } = state.users;
    return user ? [0, { ...state, users }] : [3, state];
  });
}

function createKey({ name, token }) {
  return onUser(['ak', 'create', name], name, (user, result) =>
    Object.keys(user.keys).length === 2
      ? 1
      : { ...user, keys: { ...user.keys, [result?.AccessKeyId ?? `?${token}`]: 'Active' } },
  );
}

function switchKey({ name, id }) {
  const [verb, status] = oneOf([
    ['enable', 'Active'],
    ['disable', 'Inactive'],
  ]);
  return onUser(['ak', verb, name, id], name, (user) =>
    id in user.keys ? { ...user, keys: { ...user.keys, [id]: status } } : 3,
  );
}

function deleteKey({ name, id }) {
  return onUser(['ak', 'delete', name, id, '--force', '--yes'], name, ({ keys: { [id]: key, ...keys }, ...user }) =>
    key ? { ...user, keys } : 3,
  );
}

function join({ name, group }) {
  return onUser(['group', 'add', group, name], name, (user) => ({ ...user, groups: added(user.groups, group) }));
}

function leave({ name, group }) {
  return onUser(['group', 'remove', group, name], name, (user) => ({ ...user, groups: without(user.groups, group) }));
}

function attach({ name, policy }) {
  return onUser(['policy', 'attach', policy, '--user', name], name, (user, _, { policies }) =>
    hasPolicy(policies, policy) ? { ...user, policies: added(user.policies, policy) } : 3,
  );
}

function detach({ name, policy }) {
  return onUser(['policy', 'detach', policy, '--user', name], name, (user, _, { policies }) =>
    hasPolicy(policies, policy) ? { ...user, policies: without(user.policies, policy) } : 3,
  );
}

function createPolicy({ own }) {
  const make = (state) =>
    own in state.policies ? [1, state] : [0, { ...state, policies: { ...state.policies, [own]: 1 } }];
  return command(['policy', 'create', own, '--document', '-'], make, DOCUMENT);
}

function editPolicy({ own }) {
  const renew = (state) =>
    own in state.policies
      ? [0, { ...state, policies: { ...state.policies, [own]: state.policies[own] + 1 } }]
      : [3, state];
  return command(['policy', 'edit', own, '--document', '-', '--rotate'], renew, DOCUMENT);
}

function deletePolicy({ own }) {
  return command(['policy', 'delete', own, '--cascade', '--yes'], (state) => {
    const { [own]: latest, ...policies } = state.policies;
    if (!latest) return [3, state];
    const users = Object.entries(state.users).map(([name, user]) => [
      name,
      { ...user, policies: without(user.policies, own) },
    ]);
    return [0, { users: Object.fromEntries(users), policies }];
  });
}

function setPassword({ name }) {
  const operation = onUser(['login', 'set', name, '--password-stdin'], name, (user) => ({ ...user, logon: true }));
  return { ...operation, input: 'Str0ng!Passw0rd' };
}

function setAlias({ token }) {
  return { ...command(['account', 'alias', token], unchanged), writes: 'alias', token };
}

function describeGroup({ group, token }) {
  return { ...command(['group', 'edit', group, '--comments', token], unchanged), writes: group, token };
}

function editShared({ token }) {
  const words = ['policy', 'edit', 'shared', '--document', '-', '--rotate'];
  return { ...command(words, unchanged, DOCUMENT), writes: 'shared', token };
}

/** Readers wait for nobody, and see all of a change or nothing of it. */
function readAll() {
  return command(
    oneOf([
      ['user', 'list'],
      ['directory', 'backup', '-'],
    ]),
    unchanged,
  );
}

function unchanged(state) {
  return [0, state];
}

function command(words, apply, input = '') {
  return { words, apply, input };
}

/** A command about one user: `change` gives the user after it, or an exit code. */
function onUser(words, name, change) {
  return command(words, (state, result) => {
    const changed = state.users[name] ? change(state.users[name], result, state) : 3;
    return typeof changed === 'number' ? [changed, state] : [0, withUser(state, name, changed)];
  });
}

function withUser(state, name, user) {
  return { ...state, users: { ...state.users, [name]: user } };
}

function hasPolicy(own, policy) {
  return policy === SYSTEM_POLICY || policy in own;
}

function added(names, name) {
  return [...new Set([...names, name])].sort();
}

function without(names, name) {
  return names.filter((each) => each !== name);
}

/** The key of a command that was killed: nobody was told its id. */
function isKnown(id) {
  return !id.startsWith('?');
}

/** A lane's own, as the file of a directory has it. */
export function stateIn({ Users, Groups, Policies }, lane) {
  const groupNames = new Map(Groups.map(({ GroupId, GroupName }) => [GroupId, GroupName]));
  const isOwn = (name) => name.startsWith(`${lane}-`);
  const users = Users.filter(({ UserName }) => isOwn(UserName)).map((user) => [
    user.UserName,
    {
      comments: user.Comments,
      keys: Object.fromEntries(user.AccessKeys.map(({ AccessKeyId, Status }) => [AccessKeyId, Status])),
      groups: user.Groups.map(({ GroupId }) => groupNames.get(GroupId)).sort(),
      policies: user.Policies.map(({ PolicyName }) => PolicyName).sort(),
      logon: user.LoginProfile !== undefined,
    },
  ]);
  const policies = Policies.filter(({ PolicyName }) => isOwn(PolicyName));
  return {
    users: Object.fromEntries(users),
    policies: Object.fromEntries(policies.map(({ PolicyName, LatestVersion }) => [PolicyName, LatestVersion])),
  };
}

/** What is shared, as the file of a directory has it. */
export function sharedIn({ Account, Groups, Policies }) {
  const groups = Groups.map(({ GroupName, Comments }) => [GroupName, Comments]);
  const shared = Policies.find(({ PolicyName }) => PolicyName === 'shared');
  return { alias: Account.AccountAlias, ...Object.fromEntries(groups), shared: shared.LatestVersion };
}

/** Whether a state is what was found; a key of unknown id may have any. */
export function isSame(state, found) {
  const known = new Set(Object.values(state.users).flatMap(({ keys }) => Object.keys(keys).filter(isKnown)));
  return shape(state, (id) => known.has(id)) === shape(found, (id) => known.has(id));
}

/** A state in words that are the same for equal states. */
export function shape({ users, policies }, isKnownId = isKnown) {
  const inOrder = (things) => Object.entries(things).sort(([left], [right]) => (left < right ? -1 : 1));
  const plainly = inOrder(users).map(([name, { keys, ...user }]) => {
    const statuses = Object.entries(keys).map(([id, status]) => `${isKnownId(id) ? id : '?'} ${status}`);
    return [name, statuses.sort(), user.comments, user.groups, user.policies, user.logon];
  });
  return JSON.stringify([plainly, inOrder(policies)]);
}
