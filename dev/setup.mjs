/** Makes a fresh clone ready to run: packages, the Temporal server, the build. Runs before whatever brings a system up; what is done already it leaves. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './setup-build.mjs';
import { installPackages } from './setup-packages.mjs';
import { findTemporal } from './setup-temporal.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tell = (step, said) => console.log(`setup: ${step}: ${said}`);

try {
  requireNode();
  tell('packages', await installPackages(root));
  const temporal = await findTemporal(root, process.env, (failure) => tell('temporal', failure));
  await record({ temporal });
  tell('temporal', [temporal.source, temporal.address ?? temporal.path].join(', '));
  tell('build', await build(root));
} catch (error) {
  console.error(`setup: ${error.message}`);
  process.exitCode = 1;
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Node 20.19 or newer is needed; this is ${process.versions.node}`);
}

/** Leaves word for those that start the server. */
async function record(found) {
  const path = join(root, '.caretrail/setup.json');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, `${JSON.stringify(found, null, 2)}\n`);
  await rename(`${path}.part`, path);
}
