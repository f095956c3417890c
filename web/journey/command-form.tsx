import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'preact/hooks';
import { give, Refusal } from '../server.ts';
import { words } from '../words.ts';
import { FieldInput } from './field-input.tsx';
import { bodyOf, type Entered, type Field, fieldsOf, firstEntered } from './fields.ts';
import { readAgain } from './reading.ts';
import type { Givable, Journey } from './shapes.ts';

interface CommandFormProps {
  readonly command: Givable;
  readonly journey: Journey;
  readonly close: () => void;
}

interface Accepted {
  readonly events: readonly { readonly id: string; readonly type: string }[];
}

/** The form of a command, made from its schema. A refusal stands at the field that it is about, else at the end. */
export function CommandForm({ command, journey, close }: CommandFormProps) {
  const fields = fieldsOf(command.schema, journey);
  const [entered, setEntered] = useState<Entered>(() => firstEntered(fields));
  const sending = useSend(command, fields, journey.journeyId);
  const refusal = sending.error instanceof Refusal ? sending.error : undefined;
  const submit = (event: Event): void => {
    event.preventDefault();
    sending.mutate(entered);
  };
  if (sending.data) return <Done command={command.name} events={sending.data.events} close={close} />;
  return (
    <form class="command" onSubmit={submit} aria-label={words(command.name)}>
      <h3>{words(command.name)}</h3>
      {fields.map((field) => (
        <FieldInput
          key={field.name}
          field={field}
          value={entered[field.name] ?? ''}
          onValue={(value) => setEntered({ ...entered, [field.name]: value })}
          fault={refusal?.faults.find((fault) => fault.field.split('.')[0] === field.name)}
        />
      ))}
      {fields.length === 0 && <p class="minor">Nothing has to be said.</p>}
      {sending.error && (
        <p class="refused" role="alert">
          <strong>{sending.error.message}</strong> {refusal?.remedy}
        </p>
      )}
      <div class="form-end">
        <button type="submit" class="primary" disabled={sending.isPending}>
          {sending.isPending ? 'Sending …' : words(command.name)}
        </button>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** Sends a command. When no answer came, the same one is sent again under the same key, so that it counts once. */
function useSend({ route }: Givable, fields: readonly Field[], journeyId: string) {
  const client = useQueryClient();
  const attempt = useRef({ key: crypto.randomUUID(), kept: new Map<string, string>() });
  return useMutation<Accepted, Error, Entered>({
    mutationFn: async (entered) => {
      const { key, kept } = attempt.current;
      const keep = async (text: string): Promise<string> => {
        const reference = kept.get(text) ?? (await keepText(journeyId, text));
        kept.set(text, reference);
        return reference;
      };
      return give<Accepted>(route, await bodyOf(fields, entered, keep), key);
    },
    onError: (error) => {
      if (error instanceof Refusal && error.status > 0 && error.status < 500) attempt.current.key = crypto.randomUUID();
    },
    onSuccess: () => readAgain(client, journeyId),
  });
}

async function keepText(journeyId: string, text: string): Promise<string> {
  const { reference } = await give<{ readonly reference: string }>(`/v1/journeys/${journeyId}/texts`, { text }, crypto.randomUUID());
  return reference;
}

interface DoneProps extends Accepted {
  readonly command: string;
  readonly close: () => void;
}

function Done({ command, events, close }: DoneProps) {
  return (
    <div class="done" role="status">
      <p>
        <strong>{words(command)}: recorded.</strong>
      </p>
      <p class="minor">{events.length === 0 ? 'There was nothing to do.' : events.map(({ type }) => words(type)).join(', ')}</p>
      <button type="button" onClick={close}>
        Done
      </button>
    </div>
  );
}
