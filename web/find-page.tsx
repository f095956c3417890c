import { useState } from 'preact/hooks';
import { useLocation } from 'wouter';
import { type Me, seesEmployers } from './session.ts';
import { useTitle } from './title.ts';

/** Opens a journey, or the figures of an employer, by its id. */
export function FindPage({ me }: { readonly me: Me }) {
  useTitle('Find');
  return (
    <div class="find">
      <h1>Find</h1>
      <IdForm label="Journey" hint="The id as the confirmation or the board gives it." to="/journeys" />
      {me.role !== 'E' && seesEmployers(me) && <IdForm label="Employer" hint="The id of the contract." to="/employers" />}
    </div>
  );
}

interface IdFormProps {
  readonly label: string;
  readonly hint: string;
  readonly to: string;
}

function IdForm({ label, hint, to }: IdFormProps) {
  const [id, setId] = useState('');
  const [, go] = useLocation();
  const open = (event: Event): void => {
    event.preventDefault();
    if (id.trim() !== '') go(`${to}/${encodeURIComponent(id.trim())}`);
  };
  return (
    <form class="id-form" onSubmit={open}>
      <label>
        <span>{label}</span>
        <input value={id} onInput={({ currentTarget }) => setId(currentTarget.value)} autoComplete="off" required />
        <span class="minor">{hint}</span>
      </label>
      <button type="submit">Open</button>
    </form>
  );
}
