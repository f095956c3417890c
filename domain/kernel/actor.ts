/** Role codes of the domain reference, section 2. */
export const roles = ['P', 'X', 'C', 'M', 'K', 'D', 'V', 'S', 'B', 'O', 'W', 'Y', 'E', 'L', 'A', 'T'] as const;
export type Role = (typeof roles)[number];

/** "Staff" in the command catalogue of the domain reference, section 18. */
export const staff = ['C', 'K', 'D', 'S', 'M', 'O', 'B'] as const satisfies readonly Role[];

/** Who gives a command: a person, a partner's adapter, or the system itself. */
export interface Actor {
  readonly kind: 'person' | 'partner' | 'system';
  readonly id: string;
  readonly role: Role;
  readonly onBehalfOf?: string;
}

/** The system, acting on an elapsed deadline or a planned effect. */
export const system: Actor = { kind: 'system', id: 'caretrail', role: 'T' };
