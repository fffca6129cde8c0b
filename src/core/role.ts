import { roleArn } from './arn.ts';
import { formatRamDate } from './clock.ts';
import { assertBelowQuota, assertNameAvailable, assertNoDependents, notFoundFailure } from './entity-checks.ts';
import type { Implementation } from './operation-context.ts';
import { QUOTAS } from './quotas.ts';
import { DIGITS, generateRandomText } from './random.ts';
import type { Role, RoleOperations } from './role-operations.ts';
import { foldCase, type RoleRecord, type State, sortedByName } from './state.ts';
import { matchesTags, setTags, toTagList } from './tag-values.ts';
import { assertValidRoleName, assertValidText, throwInvalid } from './validation.ts';

/** Seconds (RAM CreateRole). */
const SESSION_DURATION = { min: 3600, max: 43200 };

/** @throws Failure EntityNotExist.Role, InvalidParameter.RoleName.* */
export function findRole(state: State, roleName: string): RoleRecord {
  assertValidRoleName(roleName);
  const role = state.Roles.get(foldCase(roleName));
  if (!role) throw notFoundFailure('Role', roleName);
  return role;
}

export const roleOperations = {
  async createRole({ state, clock, random }, input) {
    const { RoleName, Description, AssumeRolePolicyDocument, MaxSessionDuration = SESSION_DURATION.min } = input;
    assertValidRoleName(RoleName);
    if (Description !== undefined) assertValidText(Description, 'Description', 1024);
    assertValidSessionDuration(MaxSessionDuration, 'MaxSessionDuration');
    await assertValidTrustPolicy(AssumeRolePolicyDocument, 'AssumeRolePolicyDocument');
    assertNameAvailable('Role', state.Roles.get(foldCase(RoleName))?.RoleName);
    assertBelowQuota(state.Roles.size, QUOTAS.Roles, 'Role', 'roles');
    const now = formatRamDate(clock.now());
    const role: RoleRecord = {
      RoleId: `3${generateRandomText(random, DIGITS, 17)}`,
      RoleName,
      ...(Description === undefined ? {} : { Description }),
      AssumeRolePolicyDocument,
      MaxSessionDuration,
      CreateDate: now,
      UpdateDate: now,
      Policies: [],
    };
    setTags('role', role, input.Tag);
    state.Roles.set(foldCase(RoleName), role);
    return toRole(state, role);
  },

  getRole: ({ state }, { RoleName }) => toRole(state, findRole(state, RoleName)),

  async updateRole({ state, clock }, input) {
    const { RoleName, NewDescription, NewAssumeRolePolicyDocument, NewMaxSessionDuration } = input;
    const role = findRole(state, RoleName);
    if (NewDescription) assertValidText(NewDescription, 'NewDescription', 1024);
    if (NewMaxSessionDuration !== undefined) assertValidSessionDuration(NewMaxSessionDuration, 'NewMaxSessionDuration');
    if (NewAssumeRolePolicyDocument !== undefined) {
      await assertValidTrustPolicy(NewAssumeRolePolicyDocument, 'NewAssumeRolePolicyDocument');
      role.AssumeRolePolicyDocument = NewAssumeRolePolicyDocument;
    }
    if (NewMaxSessionDuration !== undefined) role.MaxSessionDuration = NewMaxSessionDuration;
    if (NewDescription) role.Description = NewDescription;
    else if (NewDescription === '') delete role.Description;
    role.UpdateDate = formatRamDate(clock.now());
    return toRole(state, role);
  },

  deleteRole({ state }, { RoleName }) {
    const role = findRole(state, RoleName);
    assertNoDependents('Role', role.RoleName, { Policy: role.Policies.length > 0 });
    state.Roles.delete(foldCase(RoleName));
  },

  listRoles: ({ state }, { Tag } = {}) =>
    sortedByName(state.Roles)
      .filter(({ Tags }) => matchesTags(Tags, Tag))
      .map((role) => toRole(state, role)),
} satisfies Implementation<RoleOperations>;

export function assertValidSessionDuration(seconds: number, parameter: string): void {
  const { min, max } = SESSION_DURATION;
  if (Number.isInteger(seconds) && seconds >= min && seconds <= max) return;
  throwInvalid(parameter, 'Range', `${parameter} is ${seconds}; allowed: ${min} to ${max} seconds`);
}

/** @throws Failure MalformedPolicyDocument, InvalidParameter.`parameter`.Length */
async function assertValidTrustPolicy(text: string, parameter: string): Promise<void> {
  await (await import('./policy/check.ts')).assertValidTrustPolicy(text, parameter);
}

function toRole({ Account }: State, role: RoleRecord): Role {
  const { RoleId, RoleName, AssumeRolePolicyDocument, MaxSessionDuration, CreateDate, UpdateDate } = role;
  return {
    RoleId,
    RoleName,
    Arn: roleArn(Account, RoleName),
    Description: role.Description ?? null,
    AssumeRolePolicyDocument,
    MaxSessionDuration,
    CreateDate,
    UpdateDate,
    Tags: toTagList(role.Tags),
  };
}
