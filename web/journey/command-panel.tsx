import { useState } from 'preact/hooks';
import { Fault, Loading } from '../notices.tsx';
import { words } from '../words.ts';
import { CommandForm } from './command-form.tsx';
import { useGivable } from './reading.ts';
import type { Givable, Journey } from './shapes.ts';

/** The commands that the signed-in role may give now, each with its form. */
export function CommandPanel({ journey }: { readonly journey: Journey }) {
  const { journeyId, revision } = journey;
  const givable = useGivable(journeyId, revision);
  const [sought, setSought] = useState('');
  const [chosen, setChosen] = useState<string>();
  const commands = givable.data ?? [];
  const found = commands.filter(({ name }) => words(name).toLowerCase().includes(sought.trim().toLowerCase()));
  const open = commands.find(({ name }) => name === chosen);
  return (
    <section class="panel" aria-label="What you may do">
      <h2>What you may do</h2>
      {givable.isPending && <Loading what="your commands" />}
      {givable.isError && <Fault error={givable.error} again={() => void givable.refetch()} />}
      {givable.data && commands.length === 0 && <p class="minor">Your role reads this journey and gives no command on it.</p>}
      {commands.length > 0 && !open && (
        <>
          <label class="choice seek">
            <span>Find among {commands.length}</span>
            <input type="search" value={sought} onInput={({ currentTarget }) => setSought(currentTarget.value)} />
          </label>
          <CommandList commands={found} choose={setChosen} />
        </>
      )}
      {open && <CommandForm key={open.name} command={open} journey={journey} close={() => setChosen(undefined)} />}
    </section>
  );
}

interface CommandListProps {
  readonly commands: readonly Givable[];
  readonly choose: (name: string) => void;
}

function CommandList({ commands, choose }: CommandListProps) {
  if (commands.length === 0) return <p class="minor">None is called so.</p>;
  return (
    <ul class="commands">
      {commands.map(({ name }) => (
        <li key={name}>
          <button type="button" class="small" onClick={() => choose(name)}>
            {words(name)}
          </button>
        </li>
      ))}
    </ul>
  );
}
