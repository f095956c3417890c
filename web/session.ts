import { useQuery } from '@tanstack/react-query';
import type { Role } from '../domain/kernel/actor.ts';
import { ask, Refusal } from './server.ts';

/** Who is signed in. */
export interface Me {
  readonly id: string;
  readonly role: Role;
  readonly tenant: string;
  readonly patients: readonly string[];
}

const watchers: readonly Role[] = ['C', 'K', 'D', 'S', 'M', 'O', 'B', 'V', 'L'];

/** True for those who work with the board. */
export const seesBoard = ({ role }: Me): boolean => watchers.includes(role);

/** True for those who may read the figures of an employer. */
export const seesEmployers = ({ role }: Me): boolean => role === 'E' || role === 'O' || role === 'L';

/** Who is signed in; `null` if nobody is. */
export function useMe() {
  return useQuery<Me | null>({
    queryKey: ['me'],
    queryFn: ({ signal }) =>
      ask<Me>('/v1/me', { signal }).catch((error: unknown) => {
        if (error instanceof Refusal && error.status === 401) return null;
        throw error;
      }),
    staleTime: 60_000,
  });
}
