// Runs a command of Node.js and looks at it and its descendants until it ends (Linux).
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks a second of /proc/<pid>/stat, on every Linux that Node.js runs on. */
const ticks = 100;

function look(root) {
  const all = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The second field is a name in parentheses, that may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
      all.set(Number(name), { parent, cpu: ((user + system) * 1000) / ticks });
    } catch {
      // It has ended meanwhile.
    }
  }
  const own = new Map();
  const isOurs = (pid) => pid === root || (all.has(pid) && isOurs(all.get(pid).parent));
  for (const [pid, { cpu }] of all) if (isOurs(pid)) own.set(pid, { cpu, mib: residentMib(pid) });
  return own;
}

function residentMib(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Milliseconds from start to end, milliseconds of work and the highest resident memory of all its processes together.
 *
 * @param {readonly string[]} args of Node.js
 */
export async function measured(args) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  const cpus = new Map();
  let mib = 0;
  const watch = setInterval(() => {
    const own = look(child.pid);
    for (const [pid, { cpu }] of own) cpus.set(pid, cpu);
    mib = Math.max(
      mib,
      [...own.values()].reduce((sum, one) => sum + one.mib, 0),
    );
  }, 15);
  const code = await new Promise((resolve) => child.once('exit', resolve));
  const ms = performance.now() - began;
  clearInterval(watch);
  return { ms, cpu: [...cpus.values()].reduce((sum, one) => sum + one, 0), mib, code, text };
}
