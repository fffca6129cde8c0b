import type { Clock } from '../core/clock.ts';
import { Failure } from '../core/failure.ts';
import type { RandomSource } from '../core/random.ts';
import type { Problem } from './errors.ts';

export interface RetryOptions {
  clock: Clock;
  random: RandomSource;
  sleep(milliseconds: number): Promise<unknown>;
  limits: RetryLimits;
}

/** In milliseconds since the first attempt. No attempt starts later. */
export interface RetryLimits {
  /** For requests whose repetition probably helps. */
  patientMs: number;
  /** For requests whose repetition probably does not help, such as those to a host that refuses connections. */
  briefMs: number;
}

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5000;

/**
 * Returns the result of `attempt`. After a failure that may pass, the attempt is repeated, after delays with full jitter:
 * random, and on average twice as long each time. When the action may have been done, `find` is called first. If its
 * result is not undefined, it is returned, and the action is not repeated.
 * @throws Failure as `explain` returns it
 */
export async function repeat<T>(
  attempt: () => Promise<T>,
  explain: (error: unknown) => Promise<Problem>,
  { clock, random, sleep, limits }: RetryOptions,
  find?: () => Promise<T | undefined>,
): Promise<T> {
  const start = clock.now().getTime();
  let mayBeDone = false;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt().then(
      (value) => ({ value }),
      (error: unknown) => explain(error),
    );
    if ('value' in outcome) return outcome.value;
    const isRepetition = mayBeDone;
    mayBeDone ||= outcome.mayBeDone;
    if (mayBeDone && find) {
      // If the lookup fails as well, the first failure says more.
      const found = await find().catch(() => {
        throw asUncertain(outcome.failure, 'later');
      });
      if (found !== undefined) return found;
      if (outcome.repeat === 'never') {
        // An attempt whose response was lost may have been processed after the lookup, so that the limit is reached.
        const isLate = isRepetition && outcome.failure.code.startsWith('LimitExceeded.');
        throw isLate ? asUncertain(outcome.failure, 'later') : outcome.failure;
      }
    }
    const delay = randomFraction(random) * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempts);
    const limit = { never: 0, briefly: limits.briefMs, patiently: limits.patientMs }[outcome.repeat];
    if (clock.now().getTime() + delay - start >= limit) {
      throw mayBeDone ? asUncertain(outcome.failure) : outcome.failure;
    }
    await sleep(delay);
  }
}

function asUncertain({ kind: ownKind, code, message, details }: Failure, kind = ownKind): Failure {
  return new Failure(kind, code, `${message}; it is not known whether the change was made`, details);
}

/** Returns a random number from 0 to 1. */
function randomFraction(random: RandomSource): number {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) / 65_536;
}
