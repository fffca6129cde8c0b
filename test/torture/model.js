// The random commands of a worker of torture/directory.js, and the expected effect of each. A state holds the users and
// policies of one worker:
// { users: { name: { comments, keys: { id: status }, groups, policies, logon } }, policies: { name: latest version } }.
import { randomElement, randomInt } from './support.js';

export const EMPTY_STATE = { users: {}, policies: {} };
/** The commands that create the groups and the policy that all workers change. */
export const SHARED_COMMANDS = ['group create day', 'group create night', 'policy create shared --document -'];
export const DOCUMENT = '{"Version":"1","Statement":[{"Effect":"Allow","Action":"oss:Get*","Resource":"*"}]}';
const SYSTEM_POLICY = 'AliyunOSSReadOnlyAccess';

/**
 * A random command of a worker: its arguments, its stdin, and `apply`. `apply` returns the expected exit code and state,
 * given the state before the command and the command's result, if it is known. `writes` names the shared item that the
 * command sets to `token`.
 */
export function randomOperation(worker, token, state) {
  const name = `${worker}-user${randomElement([1, 2, 3])}`;
  const other = `${worker}-user${randomElement([1, 2, 3])}`;
  const id = randomElement(Object.keys(state.users[name]?.keys ?? {}).filter(isKnown)) ?? 'LTAIunknown';
  const ownPolicy = `${worker}-policy${randomElement([1, 2])}`;
  const [group, policy] = [randomElement(['day', 'night']), randomElement([SYSTEM_POLICY, ownPolicy])];
  const operation = randomElement(OPERATIONS)({ name, other, id, ownPolicy, group, policy, token });
  // Only a few of the commands are expected to fail.
  return operation.apply(state)[0] === 0 || randomInt(6) === 0 ? operation : randomOperation(worker, token, state);
}

const OPERATIONS = [
  // Objects are created and changed more often than deleted, so that most commands find an object.
  ...[createUser, createUser, describeUser, renameUser, deleteUser],
  ...[createKey, createKey, switchKey, switchKey, deleteKey],
  ...[join, join, leave, attach, attach, detach],
  ...[createPolicy, createPolicy, editPolicy, editPolicy, deletePolicy],
  ...[setAlias, describeGroup, editShared, editShared, readAll],
  // Password hashing is slow, so only every tenth of these commands sets a password.
  ({ token, ...rest }) => (token.endsWith('0') ? setPassword(rest) : describeUser({ token, ...rest })),
];

function createUser({ name, token }) {
  const args = ['user', 'create', name, '--comments', token, '--access-key', '--policy', SYSTEM_POLICY];
  const rest = { groups: [], policies: [SYSTEM_POLICY], logon: false };
  return command(args, (state, result) => {
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
  const [verb, status] = randomElement([
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
  return onUser(['group', 'add', group, name], name, (user) => ({ ...user, groups: withName(user.groups, group) }));
}

function leave({ name, group }) {
  return onUser(['group', 'remove', group, name], name, (user) => ({
    ...user,
    groups: withoutName(user.groups, group),
  }));
}

function attach({ name, policy }) {
  return onUser(['policy', 'attach', policy, '--user', name], name, (user, _, { policies }) =>
    hasPolicy(policies, policy) ? { ...user, policies: withName(user.policies, policy) } : 3,
  );
}

function detach({ name, policy }) {
  return onUser(['policy', 'detach', policy, '--user', name], name, (user, _, { policies }) =>
    hasPolicy(policies, policy) ? { ...user, policies: withoutName(user.policies, policy) } : 3,
  );
}

function createPolicy({ ownPolicy }) {
  const create = (state) =>
    ownPolicy in state.policies ? [1, state] : [0, { ...state, policies: { ...state.policies, [ownPolicy]: 1 } }];
  return command(['policy', 'create', ownPolicy, '--document', '-'], create, DOCUMENT);
}

function editPolicy({ ownPolicy }) {
  const addVersion = (state) =>
    ownPolicy in state.policies
      ? [0, { ...state, policies: { ...state.policies, [ownPolicy]: state.policies[ownPolicy] + 1 } }]
      : [3, state];
  return command(['policy', 'edit', ownPolicy, '--document', '-', '--rotate'], addVersion, DOCUMENT);
}

function deletePolicy({ ownPolicy }) {
  return command(['policy', 'delete', ownPolicy, '--cascade', '--yes'], (state) => {
    const { [ownPolicy]: latest, ...policies } = state.policies;
    if (!latest) return [3, state];
    const users = Object.entries(state.users).map(([name, user]) => [
      name,
      { ...user, policies: withoutName(user.policies, ownPolicy) },
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
  const args = ['policy', 'edit', 'shared', '--document', '-', '--rotate'];
  return { ...command(args, unchanged, DOCUMENT), writes: 'shared', token };
}

/** Reads the directory. Readers do not wait for locks. */
function readAll() {
  return command(
    randomElement([
      ['user', 'list'],
      ['directory', 'backup', '-'],
    ]),
    unchanged,
  );
}

function unchanged(state) {
  return [0, state];
}

function command(args, apply, input = '') {
  return { args, apply, input };
}

/** A command that changes one user: `change` returns the changed user, or the expected exit code. */
function onUser(args, name, change) {
  return command(args, (state, result) => {
    const changed = state.users[name] ? change(state.users[name], result, state) : 3;
    return typeof changed === 'number' ? [changed, state] : [0, withUser(state, name, changed)];
  });
}

function withUser(state, name, user) {
  return { ...state, users: { ...state.users, [name]: user } };
}

function hasPolicy(policies, policy) {
  return policy === SYSTEM_POLICY || policy in policies;
}

function withName(names, name) {
  return [...new Set([...names, name])].sort();
}

function withoutName(names, name) {
  return names.filter((other) => other !== name);
}

/** Whether the ID of an AccessKey is known. It is unknown if its command was killed. */
function isKnown(id) {
  return !id.startsWith('?');
}

/** The state of a worker in the content of a directory file. */
export function readState({ Users, Groups, Policies }, worker) {
  const groupNames = new Map(Groups.map(({ GroupId, GroupName }) => [GroupId, GroupName]));
  const isOwn = (name) => name.startsWith(`${worker}-`);
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

/** The values of the shared items in the content of a directory file. */
export function readShared({ Account, Groups, Policies }) {
  const groups = Groups.map(({ GroupName, Comments }) => [GroupName, Comments]);
  const shared = Policies.find(({ PolicyName }) => PolicyName === 'shared');
  return { alias: Account.AccountAlias, ...Object.fromEntries(groups), shared: shared.LatestVersion };
}

/** Whether a state equals the state that was found. An AccessKey whose ID is unknown matches any ID. */
export function matchesState(state, found) {
  const known = new Set(Object.values(state.users).flatMap(({ keys }) => Object.keys(keys).filter(isKnown)));
  return toText(state, (id) => known.has(id)) === toText(found, (id) => known.has(id));
}

/** A text that is the same for equal states. */
export function toText({ users, policies }, isKnownId = isKnown) {
  const sortedEntries = (object) => Object.entries(object).sort(([left], [right]) => (left < right ? -1 : 1));
  const userRows = sortedEntries(users).map(([name, { keys, ...user }]) => {
    const statuses = Object.entries(keys).map(([id, status]) => `${isKnownId(id) ? id : '?'} ${status}`);
    return [name, statuses.sort(), user.comments, user.groups, user.policies, user.logon];
  });
  return JSON.stringify([userRows, sortedEntries(policies)]);
}
