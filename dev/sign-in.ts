// `npm run sign-in`: a fresh sign-in link for each role of the system that npm start has brought up.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from './project-root.ts';
import { signInLinks } from './sign-in-links.ts';

interface Run {
  readonly api: string;
  readonly tokens: Readonly<Record<string, string>>;
}

const text = await readFile(join(projectRoot, '.caretrail/run.json'), 'utf8').catch(() => undefined);
if (text === undefined) {
  process.stderr.write('nothing runs; npm start brings it up\n');
  process.exit(1);
}
const { api, tokens } = JSON.parse(text) as Run;
for (const { role, link } of await signInLinks(api, tokens)) process.stdout.write(`${role.padEnd(20)} ${link}\n`);
