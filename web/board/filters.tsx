import type { ComponentChildren } from 'preact';
import type { Role } from '../../domain/kernel/actor.ts';
import type { BoardFilter } from '../../projections/board-row.ts';
import type { Me } from '../session.ts';
import { roleNames, stateNames } from '../words.ts';

const waitedFor: readonly Role[] = ['P', 'X', 'C', 'K', 'D', 'V', 'M', 'A', 'T'];

interface FiltersProps {
  readonly filter: BoardFilter;
  readonly onChange: (filter: BoardFilter) => void;
  readonly me: Me;
  readonly employers: readonly string[];
}

/** What the board shows. */
export function Filters({ filter, onChange, me, employers }: FiltersProps) {
  const { needsHuman, owner, state, waitingOn, employerId } = filter;
  return (
    <fieldset class="filters">
      <legend class="hidden-text">What the board shows</legend>
      <Toggle on={needsHuman === true} set={(on) => onChange(changed(filter, 'needsHuman', on || undefined))}>
        Needs a human
      </Toggle>
      <Toggle on={owner === me.id} set={(on) => onChange(changed(filter, 'owner', on ? me.id : undefined))}>
        Mine
      </Toggle>
      <Choice
        label="State"
        value={state}
        options={[['open', 'All open'], ...Object.entries(stateNames)]}
        set={(value) => onChange(changed(filter, 'state', value))}
      />
      <Choice
        label="Waits for"
        value={waitingOn}
        options={waitedFor.map((role) => [role, roleNames[role]] as const)}
        set={(value) => onChange(changed(filter, 'waitingOn', value as Role | undefined))}
      />
      <Choice
        label="Employer"
        value={employerId}
        options={employers.map((id) => [id, id] as const)}
        set={(value) => onChange(changed(filter, 'employerId', value))}
      />
    </fieldset>
  );
}

/** The filter with one field set, or without it: an absent field is another thing than an empty one. */
function changed<K extends keyof BoardFilter>(filter: BoardFilter, name: K, value: BoardFilter[K] | undefined): BoardFilter {
  const { [name]: _before, ...others } = filter;
  return value === undefined ? others : { ...others, [name]: value };
}

interface ToggleProps {
  readonly on: boolean;
  readonly set: (on: boolean) => void;
  readonly children: ComponentChildren;
}

function Toggle({ on, set, children }: ToggleProps) {
  return (
    <button type="button" class="toggle" aria-pressed={on} onClick={() => set(!on)}>
      {children}
    </button>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly set: (value: string | undefined) => void;
}

function Choice({ label, value = '', options, set }: ChoiceProps) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={({ currentTarget }) => set(currentTarget.value === '' ? undefined : currentTarget.value)}>
        <option value="">Any</option>
        {options.map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
