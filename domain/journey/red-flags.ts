import type { RedFlagRule } from '../templates/template.ts';

export type { RedFlagRule } from '../templates/template.ts';

type Answers = Readonly<Record<string, boolean | string | number>>;

/** The signed rules that these answers raise. A rule that cannot be evaluated counts as raised. */
export const screen = (rules: readonly RedFlagRule[], answers: Answers): readonly RedFlagRule[] =>
  rules.filter(({ item, equals }) => typeof answers[item] !== 'boolean' || answers[item] === equals);
