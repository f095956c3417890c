import type { Role } from '../../domain/kernel/actor.ts';
import type { Instant } from '../../domain/kernel/time.ts';

/** Id of the entity that the newest event of this type is about. */
export type EntityOf = (eventType: string) => string;

/** One command of a worked journey with the events that it must leave. */
export interface WorkedStep {
  /** Journey time. */
  readonly at: Instant;
  readonly role: Role;
  readonly command: string;
  readonly data: (entityOf: EntityOf, ref: (text: string) => string) => object;
  readonly events: readonly string[];
  /** Where the command goes, if not to the journey. */
  readonly conversation?: true;
}

/** Patient, proxy and staff of a worked journey. */
export interface Cast {
  readonly patientId: string;
  readonly proxyId: string;
  readonly employerId: string;
  readonly clinicianId: string;
  readonly visitorId: string;
  readonly pharmacyId: string;
  readonly groupId: string;
  readonly areaKey: string;
  readonly areaId: string;
  /** Local date of the first day, `YYYY-MM-DD`. */
  readonly firstDay: string;
  readonly zone: string;
}
