import { findings, houseRules } from './house.ts';
import { readSources } from './sources.ts';

const sources = await readSources(process.cwd());
const found = findings(sources);
for (const { rule, message } of found) console.error(`${rule}: ${message} (${houseRules.find(({ name }) => name === rule)?.why})`);
if (found.length > 0) process.exit(1);
console.log(`house rules: ${houseRules.length} rules over ${sources.length} files, nothing found`);
