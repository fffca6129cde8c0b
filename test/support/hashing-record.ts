import type { Home } from './process.ts';

/** What a process did with passwords, and the most memory that it took. */
export interface HashingRecord {
  hashed: number;
  /** The hashes that passwords were held against. */
  verified: string[];
  megabytes: number;
}

/** For `before`: the process writes a Witness into the home when it ends. */
export function recordHashing(home: Home, name = 'witness.json'): string {
  const path = JSON.stringify(`${home.folder}/${name}`);
  return `import { writeFileSync } from 'node:fs';
    const seen = { hashed: 0, verified: [] };
    const load = process.dlopen;
    process.dlopen = (module, ...rest) => {
      load.call(process, module, ...rest);
      for (const [name, work] of Object.entries(module.exports)) {
        if (!/^(hash|verify)/.test(name)) continue;
        module.exports[name] = (...given) => {
          if (name.startsWith('hash')) seen.hashed += 1;
          else seen.verified.push(String(given[0]));
          return work(...given);
        };
      }
    };
    process.on('exit', () => {
      const megabytes = process.resourceUsage().maxRSS / 1024;
      writeFileSync(${path}, JSON.stringify({ ...seen, megabytes }));
    });`;
}

export function readHashingRecord(home: Home, name = 'witness.json'): HashingRecord {
  return JSON.parse(home.read(name));
}
