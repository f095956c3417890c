import { spawn } from 'node:child_process';

/**
 * Runs a command to its end. Returns `{ ok, text }` with what it printed; a command that is not there, or that takes longer than
 * `timeout` milliseconds, is not ok. `show` lets it print to the terminal instead.
 */
export function command(name, args, { cwd, env, timeout = 0, show = false } = {}) {
  const output = show ? 'inherit' : 'pipe';
  const child = spawn(name, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', output, output] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      text += chunk;
    });
  }
  let isLate = false;
  const giveUp = () => {
    isLate = true;
    child.kill();
  };
  // Not spawn's own time-out: that one keeps the process waiting after a command that was not there.
  const timer = timeout > 0 ? setTimeout(giveUp, timeout) : undefined;
  const release = takeAlong(child);
  return new Promise((done) => {
    const end = (answer) => {
      clearTimeout(timer);
      release();
      done(isLate ? { ok: false, text: `no answer within ${timeout / 1000} s` } : answer);
    };
    child.on('error', (error) => end({ ok: false, text: error.code === 'ENOENT' ? `${name} is not installed` : error.message }));
    child.on('close', (code) => end({ ok: code === 0, text: text.trim() }));
  });
}

/** Ends the command when this process is told to end, and only then this process: two installs at once would spoil each other. */
function takeAlong(child) {
  const pass = () => {
    child.kill();
    child.once('close', () => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, pass);
  return () => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeListener(signal, pass);
  };
}

/** The last line that a command printed: enough to say why it failed. */
export const lastLine = (text) => text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';
