import type { Instant } from '../kernel/time.ts';
import { anxiety } from './anxiety.ts';
import { soreThroat } from './sore-throat.ts';
import type { Template } from './template.ts';
import { urinaryInfection } from './urinary-infection.ts';

/** Every version of every care pathway that may run; a published version is never changed or taken away. */
export const templates: readonly Template[] = [soreThroat, urinaryInfection, anxiety];

/** One version of a care pathway. */
export const templateOf = (known: readonly Template[], id: string, version: number): Template | undefined =>
  known.find((template) => template.templateId === id && template.version === version);

/** The newest version of a care pathway that is in force at an instant. */
export function templateInForce(known: readonly Template[], id: string, at: Instant): Template | undefined {
  const inForce = ({ templateId, effectiveFrom, effectiveTo }: Template): boolean =>
    templateId === id && effectiveFrom <= at && (effectiveTo === undefined || at < effectiveTo);
  return known.filter(inForce).toSorted((a, b) => b.version - a.version)[0];
}
