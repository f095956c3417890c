// The decisions about laboratory orders and results; the ways over a laboratory are not built yet.
import * as ordering from './ordering.ts';
import * as pointOfCare from './point-of-care.ts';
import * as results from './results.ts';

export { LabOrder, labOrderDrafted } from './ordering.ts';

export const commands = { ...ordering.commands, ...pointOfCare.commands, ...results.commands };

export const decide = { ...ordering.decide, ...pointOfCare.decide, ...results.decide };
