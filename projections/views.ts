import { access } from './access.ts';
import { board } from './board.ts';
import { due } from './due.ts';
import { roster } from './roster.ts';
import { timeline } from './timeline.ts';
import type { View } from './view.ts';

/** Every view. */
export const views: readonly View[] = [board, timeline, due, access, roster];

/** The view of this name. */
export const viewOf = (name: string): View | undefined => views.find((view) => view.name === name);
