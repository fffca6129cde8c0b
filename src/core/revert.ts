import { Failure } from './failure.ts';
import { foldCase, type State } from './state.ts';

/**
 * Takes one change back out of `state`: every record that the change touched becomes again what it was `before`.
 * Records are recognised by what never changes about them, so a rename counts as a change of one record.
 * @throws Failure `refused` (`ChangedMeanwhile`) when such a record is no longer what the change left behind.
 */
export function revertChange(state: State, before: State, after: State): void {
  const takeBackIn = <T>(
    collection: (state: State) => Map<string, T>,
    idOf: (record: T) => string,
    nameOf: (record: T) => string,
  ) => revertRecords(collection(state), collection(before), collection(after), idOf, nameOf);
  takeBackIn(
    ({ Users }) => Users,
    (user) => user.UserId,
    (user) => user.UserName,
  );
  takeBackIn(
    ({ MFADevices }) => MFADevices,
    (device) => `${device.VirtualMFADeviceName} ${device.CreateDate}`,
    (device) => device.VirtualMFADeviceName,
  );
  takeBackIn(
    ({ Groups }) => Groups,
    (group) => group.GroupId,
    (group) => group.GroupName,
  );
  takeBackIn(
    ({ Policies }) => Policies,
    (policy) => `${policy.PolicyName} ${policy.CreateDate}`,
    (policy) => policy.PolicyName,
  );
}

function revertRecords<T>(
  present: Map<string, T>,
  before: Map<string, T>,
  after: Map<string, T>,
  idOf: (record: T) => string,
  nameOf: (record: T) => string,
): void {
  const byId = (records: Map<string, T>) => new Map(Array.from(records.values(), (record) => [idOf(record), record]));
  const [now, old, changed] = [byId(present), byId(before), byId(after)];
  const touched = [...new Set([...old.keys(), ...changed.keys()])].filter(
    (id) => !isSameRecord(old.get(id), changed.get(id)),
  );
  for (const id of touched) {
    const mine = now.get(id);
    if (!isSameRecord(mine, changed.get(id))) refuse(mine ?? old.get(id) ?? changed.get(id));
    if (mine) present.delete(foldCase(nameOf(mine)));
  }
  for (const then of touched.map((id) => old.get(id)).filter((record) => record !== undefined)) {
    if (present.has(foldCase(nameOf(then)))) refuse(then);
    present.set(foldCase(nameOf(then)), then);
  }

  function refuse(record: T | undefined): never {
    throw new Failure(
      'refused',
      'ChangedMeanwhile',
      `${record && nameOf(record)} was changed by somebody else meanwhile`,
    );
  }
}

function isSameRecord(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
