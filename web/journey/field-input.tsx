import { useId } from 'preact/hooks';
import type { FieldFault } from '../server.ts';
import { words } from '../words.ts';
import type { Field } from './fields.ts';

interface FieldInputProps {
  readonly field: Field;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly fault: FieldFault | undefined;
}

/** One field of a form, with what is wrong with it beside it. */
export function FieldInput({ field, value, onValue, fault }: FieldInputProps) {
  const id = useId();
  const described = [hints[field.kind] && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>
        {labelOf(field)}
        {!field.required && <span class="minor"> if it applies</span>}
      </label>
      <Control id={id} field={field} value={value} onValue={onValue} described={described} isWrong={fault !== undefined} />
      {hints[field.kind] && (
        <span class="minor" id={`${id}-hint`}>
          {hints[field.kind]}
        </span>
      )}
      {fault && (
        <span class="refused" id={`${id}-fault`}>
          It {fault.problem}. {fault.remedy}
        </span>
      )}
    </div>
  );
}

const labelOf = ({ name, kind }: Field): string => words(kind === 'kept' ? name.replace(/Ref$/, '') : name.replace(/Id$/, ''));

const hints: Readonly<Partial<Record<Field['kind'], string>>> = {
  kept: 'The text is kept encrypted; the history holds a reference to it.',
  list: 'Codes, with commas between them.',
  instant: 'In your time.',
  structure: 'As JSON, as the API documentation describes it.',
};

interface ControlProps extends Pick<FieldInputProps, 'field' | 'value' | 'onValue'> {
  readonly id: string;
  readonly described: string;
  readonly isWrong: boolean;
}

type Entry = { readonly currentTarget: { readonly value: string } };

function Control({ id, field, value, onValue, described, isWrong }: ControlProps) {
  const { kind, schema, required, known } = field;
  const about = {
    id,
    value,
    required: required && kind !== 'list',
    onInput: ({ currentTarget }: Entry) => onValue(currentTarget.value),
    'aria-invalid': isWrong,
    ...(described !== '' && { 'aria-describedby': described }),
  };
  if (kind === 'choice') return <Select {...about} options={(schema.enum ?? []).map((code) => [String(code), words(String(code))])} />;
  if (kind === 'yesNo') return <Select {...about} options={yesNo} />;
  if (kind === 'kept') return <textarea {...about} rows={3} maxLength={4_000} />;
  if (kind === 'structure') return <textarea {...about} rows={4} class="code" spellcheck={false} />;
  if (kind === 'instant') return <input {...about} type="datetime-local" step={1} />;
  if (kind === 'number') return <input {...about} type="number" step={schema.type === 'integer' ? 1 : 'any'} min={schema.minimum} />;
  return (
    <>
      <input {...about} type="text" autoComplete="off" list={known.length > 0 ? `${id}-known` : undefined} />
      {known.length > 0 && (
        <datalist id={`${id}-known`}>
          {known.map((option) => (
            <option key={option} value={option} />
          ))}
        </datalist>
      )}
    </>
  );
}

const yesNo = [
  ['true', 'Yes'],
  ['false', 'No'],
] as const;

interface SelectProps {
  readonly id: string;
  readonly value: string;
  readonly required: boolean;
  readonly onInput: (entry: Entry) => void;
  readonly options: readonly (readonly [value: string, name: string])[];
}

function Select({ options, ...about }: SelectProps) {
  return (
    <select {...about}>
      <option value="">Choose …</option>
      {options.map(([code, name]) => (
        <option key={code} value={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
