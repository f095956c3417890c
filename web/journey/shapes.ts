// Answers of the service about one journey, as far as the screen reads them.

import type { Role } from '../../domain/kernel/actor.ts';
import type { BoardRow, OpenTask } from '../../projections/board-row.ts';

/** One journey as of an instant. */
export interface Journey {
  readonly journeyId: string;
  /** Journey time of the reading. */
  readonly now: number;
  readonly revision: number;
  readonly superState: string;
  readonly overlays: readonly string[];
  readonly outcome?: string;
  readonly patientId?: string;
  readonly employerId?: string;
  readonly entryPoint?: string;
  readonly template?: { readonly templateId: string; readonly version: number };
  readonly zone?: string;
  readonly owner: { readonly role: Role; readonly id?: string } | null;
  readonly reason: Pick<BoardRow, 'why' | 'waitingOn' | 'unblocks' | 'needsHuman'>;
  readonly waitingOn: readonly { readonly who: Role; readonly id?: string; readonly forWhat: string; readonly entityId: string }[];
  readonly children: readonly { readonly kind: string; readonly id: string; readonly status: string }[];
  readonly tasks: readonly (OpenTask & { readonly status: string })[];
  readonly deadlines: readonly { readonly name: string; readonly entityId: string; readonly dueAt: number }[];
  readonly charges: readonly {
    readonly chargeId: string;
    readonly code: string;
    readonly cents: number;
    readonly payer: string;
    readonly copay?: { readonly cents: number; readonly status: string };
  }[];
}

/** One event, and where it led. */
export interface Transition {
  readonly revision: number;
  readonly type: string;
  readonly entityId: string;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly actor: { readonly kind: string; readonly id: string; readonly role: Role };
  readonly command: string;
  readonly refusalCode?: string;
  readonly superState: string;
  readonly overlays: readonly string[];
  readonly deadline?: { readonly name: string; readonly dueAt: number };
}

/** JSON Schema, as far as forms are made of it. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number | boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly propertyNames?: Schema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

/** A command that may be given now. */
export interface Givable {
  readonly name: string;
  readonly route: string;
  readonly schema: Schema;
}
