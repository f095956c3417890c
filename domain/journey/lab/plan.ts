import type { StagePlan } from '../../kernel/plan.ts';
import type { Elapse, Obligation } from '../stage.ts';
import type { Journey } from '../state.ts';

export const plan = (_journey: Journey): StagePlan => ({ deadlines: [], effects: [] });

export const elapse: Elapse = {};

/** What forbids closure. */
export const obligations = (_journey: Journey): readonly Obligation[] => [];
