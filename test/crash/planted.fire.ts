// The proof that the long form can fail: bugs are planted into copies of the build, and each has to be seen.
import { enter } from './battlefield.ts';
import { buildWith, plantedBugs } from './planted-bugs.ts';
import { lineOf } from './table.ts';
import { say, wanted } from './wanted.ts';

const tenMinutes = 600_000;
const bugs = plantedBugs.filter(({ name }) => wanted.bugs?.includes(name) ?? true);

test.each(bugs.map((bug) => [bug.says, bug] as const))(
  'a system is seen red when %s',
  async (says, bug) => {
    const build = await buildWith(bug);
    const field = await enter(`fire-${bug.name}`, build.folder);
    try {
      const fought = await field.fight(bug.attack);
      say(`${says}\n${lineOf(fought)}\n${fought.red ?? 'GREEN'}`);
      expect(fought.red).toBeDefined();
    } finally {
      await field.leave();
      await build.remove();
    }
  },
  tenMinutes,
);
