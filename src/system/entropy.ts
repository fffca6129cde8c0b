import { randomBytes } from 'node:crypto';
import type { Entropy } from '../core/entropy.ts';

export const systemEntropy: Entropy = { bytes: randomBytes };
