import { useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { dateOf, timeOf } from './instants.ts';
import { ask } from './server.ts';
import type { Me } from './session.ts';
import { useLive, useNow } from './use-live.ts';
import { nameOf, roleNames } from './words.ts';

interface TopBarProps {
  readonly me: Me;
  /** Whether a line to the board is open. */
  readonly follows: boolean;
}

/** Where one can go, how the line stands, what time it is for the journeys, and who is signed in. */
export function TopBar({ me, follows }: TopBarProps) {
  const client = useQueryClient();
  const signOut = async (): Promise<void> => {
    await ask('/v1/sign-in', { method: 'DELETE' });
    client.clear();
    window.location.assign('/');
  };
  return (
    <>
      <header class="top-bar">
        <a class="brand" href="#/">
          <img src="/icon.svg" alt="" width="22" height="22" /> Caretrail
        </a>
        <nav aria-label="Pages">
          {follows && <Place to="/board">Board</Place>}
          <Place to="/find">Find</Place>
          {me.role === 'E' && <Place to={`/employers/${me.tenant}`}>Figures</Place>}
        </nav>
        <span class="push" />
        {follows && <LineMark />}
        {follows && <JourneyTime />}
        <span class="me">
          {nameOf(me.id)} <span class="minor">{roleNames[me.role]}</span>
        </span>
        <button type="button" class="small" onClick={() => void signOut()}>
          Sign out
        </button>
      </header>
      {follows && <LostNotice />}
    </>
  );
}

function Place({ to, children }: { readonly to: string; readonly children: string }) {
  const [location] = useLocation();
  return (
    <a href={`#${to}`} aria-current={location.startsWith(to) ? 'page' : undefined}>
      {children}
    </a>
  );
}

const lineWords = { connecting: 'Connecting', live: 'Live', lost: 'Connection lost' } as const;

function LineMark() {
  const { state } = useLive();
  return (
    <span class={`line line-${state}`} role="status">
      {lineWords[state]}
    </span>
  );
}

function JourneyTime() {
  const now = useNow();
  if (now === undefined) return null;
  return (
    <span class="clock" title="Journey time">
      <span class="minor">{dateOf(now)}</span> {timeOf(now)}
    </span>
  );
}

/** Nothing on the screen may be taken for the present while the line is down. */
function LostNotice() {
  const { state, lostAt } = useLive();
  if (state !== 'lost' || lostAt === undefined) return null;
  return (
    <div class="lost" role="alert">
      <strong>Connection lost at {timeOf(lostAt)}.</strong> What you see is as of then. It comes back by itself and misses nothing.
    </div>
  );
}
